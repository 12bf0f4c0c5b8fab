"""Run every benchmark: `make bench`."""

from benchmarks import bulk, calls, imports, rival, update

if __name__ == "__main__":
    with_rival = rival.make()
    imports.main(with_rival=with_rival)
    calls.main(with_rival=with_rival)
    bulk.main(with_rival=with_rival)
    update.main()
