"""Run every benchmark: `make bench`."""

from benchmarks import bulk, calls, imports

if __name__ == "__main__":
    imports.main()
    calls.main()
    bulk.main()
