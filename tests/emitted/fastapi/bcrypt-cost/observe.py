import json

import bcrypt
from passwords import hash_password, verify_password

old = bcrypt.hashpw(b"right", bcrypt.gensalt(rounds=8))
print(json.dumps({"cost": int(hash_password("right").split(b"$")[2]), "old_verifies": verify_password("right", old)}))
