"""Width and height from a header, no pixels decoded."""

from .job import Job

JOBS = [
    Job(
        name="probe",
        title="Width and height from the header",
        command="probe",
        takes="jpeg",
        gives="size",
        inputs=("synthetic", "photos"),
    )
]
