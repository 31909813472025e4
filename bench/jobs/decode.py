"""JPEG bytes in, RGB pixels out."""

from .job import Job

JOBS = [
    Job(
        name="decode",
        title="JPEG bytes to RGB pixels",
        command="decode",
        takes="jpeg",
        gives="pixels",
        inputs=("synthetic", "photos"),
    )
]
