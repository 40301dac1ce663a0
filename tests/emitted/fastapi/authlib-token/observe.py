import json
import os
import time
import warnings

warnings.simplefilter("ignore")
os.environ["JWT_SECRET"] = "a secret of the tests that is long enough"
from authlib.jose import jwt  # noqa: E402
from tokens import sign_in  # noqa: E402

claims = jwt.decode(sign_in(1), os.environ["JWT_SECRET"])
print(json.dumps({"lifetime": int(round(claims["exp"] - time.time(), -1)) if "exp" in claims else None}))
