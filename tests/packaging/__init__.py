"""What a stranger downloads and installs: the archives of `make dist`, in environments that hold nothing else."""
