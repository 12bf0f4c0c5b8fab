"""Run every benchmark: `make bench`."""

from benchmarks import imports

if __name__ == "__main__":
    imports.main()
