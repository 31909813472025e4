"""What is measured: one file a job, or a family of jobs."""

from . import decode, encode, probe, resize, thumbnail
from .job import Job

JOBS: list[Job] = [*thumbnail.JOBS, *decode.JOBS, *resize.JOBS, *encode.JOBS, *probe.JOBS]

#: The job whose memory is measured.
MEMORY_JOB = thumbnail.JOBS[0]
