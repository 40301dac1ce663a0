import json
import os
import time

import jwt

os.environ["JWT_SECRET"] = "a secret of the tests that is long enough"
from tokens import access_token, sign_in  # noqa: E402


def lifetime(token):
    claims = jwt.decode(token, os.environ["JWT_SECRET"], algorithms=["HS256"])
    return round(claims["exp"] - time.time(), -1).__int__() if "exp" in claims else None


print(json.dumps({"endless": lifetime(sign_in(1)), "long": lifetime(access_token(1))}))
