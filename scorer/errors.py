"""What can go wrong, each as one line that names the input and the remedy."""


class ScorerError(Exception):
    """Base of every error that the scorer raises on purpose; `exit_code` is what the command line returns."""

    exit_code = 2


class InputError(ScorerError):
    """An answer, a reference, a question file, a labelled file or an option that cannot be used (exit code 2)."""


class ModelError(ScorerError):
    """The model or the installation is not usable: a file is missing, changed, or no model at all (exit code 3)."""

    exit_code = 3


class LibraryError(ScorerError):
    """A library that only an extra of this package installs is not there (exit code 3)."""

    exit_code = 3
