"""RGB pixels in, JPEG bytes out."""

from .job import Job

JOBS = [
    Job(
        name="encode",
        title="RGB pixels to JPEG bytes (quality 80, 4:2:0)",
        command="encode 80",
        takes="pixels",
        gives="jpeg",
    )
]
