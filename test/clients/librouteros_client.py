"""librouteros 3.1.0: login, print, add, duplicate, query, update, remove, fatal."""
import json
import os

from librouteros import connect
from librouteros.exceptions import FatalError, MultiTrapError, TrapError
from librouteros.login import plain, token
from librouteros.query import Key, Or

target = dict(host=os.environ["ROUTER_HOST"], port=int(os.environ["ROUTER_PORT"]), username=os.environ["ROUTER_USER"], timeout=10,
              login_method=token if os.environ.get("ROUTER_OLD_LOGIN") else plain)
out = {}
try:
    connect(password="wrong", **target)
    out["wrong"] = "let in"
except TrapError as refused:
    out["wrong"] = refused.message

api = connect(password=os.environ["ROUTER_PASSWORD"], **target)
out["identity"] = tuple(api.path("system", "identity"))[0]["name"]
users = api.path("ip", "hotspot", "user")
out["ret"] = users.add(name="py1", password="p", **{"limit-uptime": "1h"})
users.add(name="py2", comment="c" * 300)
try:
    users.add(name="py1")
    out["dup"] = "added"
except TrapError as refused:
    out["dup"] = refused.message
name, comment = Key("name"), Key("comment")
out["query"] = sorted(row["name"] for row in users.select(name).where(Or(name == "py1", name == "py2")))
out["not"] = sorted(row["name"] for row in users.select(name).where(comment > "", name != "py1"))
users.update(**{".id": out["ret"], "comment": "changed", "disabled": True})
row = tuple(users.select(Key(".id"), comment, Key("disabled")).where(name == "py1"))[0]
out["row"] = [row[".id"], row["comment"], row["disabled"]]
try:
    tuple(api("/ip/nope/print"))
    out["menu"] = "there"
except MultiTrapError as refused:
    out["menu"] = [trap.message for trap in refused.traps]
except TrapError as refused:
    out["menu"] = [refused.message]
users.remove(out["ret"], tuple(users.select(Key(".id")).where(name == "py2"))[0][".id"])
out["left"] = len(tuple(users))
out["none"] = len(tuple(api.path("ip", "hotspot", "active")))
try:
    tuple(api("/quit"))
    out["quit"] = "silence"
except FatalError as fatal:
    out["quit"] = str(fatal)
api.close()
print(json.dumps(out))
