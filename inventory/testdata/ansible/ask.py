"""Asks ansible-inventory --list for each case that standard input names.

Each is answered by a child of its own, so that Ansible is loaded once and keeps nothing
from one case to the next.
"""
import json
import os
import sys
import tempfile

from ansible.cli.inventory import InventoryCLI


def answer(case, out, err):
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    os.chdir(case["dir"])
    args = ["ansible-inventory", "--list"]
    for source in case["sources"]:
        args += ["-i", source]
    try:
        InventoryCLI(args).run()
    except SystemExit as e:
        code = e.code or 0
    except Exception as e:
        print(e, file=sys.stderr)
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


answers = []
for case in json.load(sys.stdin):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            answer(case, out, err)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        answers.append({"Code": os.waitstatus_to_exitcode(status), "Stdout": out.read().decode(), "Stderr": err.read().decode()})
json.dump(answers, sys.stdout)
