"""The client that openapi-generator makes of the same spec, which a user could take in place of this one."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from siro_openapi import client

PACKAGE = "openapi_generator_client"
FOLDER = Path(__file__).parent.parent / ".cache" / "rival"
_SPEC = Path(client.__file__).with_name("openapi.json")


def make() -> bool:
    """Generate it into FOLDER; False where there is no Java to do it with."""
    if shutil.which("java") is None:
        print("openapi-generator is left out: it needs Java 11 or later\n")
        return False
    document = json.loads(_SPEC.read_text("utf-8"))
    for path in document["paths"].values():
        # It would send to Siro's hosts, whatever base URL it is given.
        path.pop("servers", None)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    spec = FOLDER / "openapi.json"
    spec.write_text(json.dumps(document), "utf-8")
    arguments = ["generate", "-g", "python", "-i", str(spec), "-o", str(FOLDER), "--package-name", PACKAGE]
    run = "import openapi_generator_cli; openapi_generator_cli.cli()"
    subprocess.run([sys.executable, "-c", run, *arguments], check=True, stdout=subprocess.DEVNULL)
    return True


def sync_engagement(url: str, token: str, body: dict[str, Any], connections: int) -> Callable[[], object]:
    """What syncs an engagement with it."""
    sys.path.insert(0, str(FOLDER))
    # By name, since it is not there when types are checked.
    package: Any = __import__(PACKAGE)
    configuration = package.Configuration(host=url, access_token=token)
    configuration.connection_pool_maxsize = connections
    api = package.IntegrationsApi(package.ApiClient(configuration))
    engagement = package.Engagement.from_dict(body)
    return lambda: api.sync_engagement(engagement)
