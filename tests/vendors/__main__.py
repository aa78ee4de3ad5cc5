"""Serve one vendor: python -m tests.vendors zendesk --port 8801 [--records 50]."""

import argparse
import time

from tests.vendors.filled import FILLED


def main() -> None:
    """Serve until stopped; POST /_control {"fault": "429", "times": 2} switches a fault on."""
    parser = argparse.ArgumentParser(prog="python -m tests.vendors", description=__doc__)
    parser.add_argument("name", choices=sorted(FILLED))
    parser.add_argument("--port", type=int, default=8801)
    parser.add_argument("--records", type=int, default=50)
    options = parser.parse_args()
    with FILLED[options.name](options.records).serving(options.port) as vendor:
        print(f"{vendor.name} on {vendor.url} ({vendor.credentials})", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
