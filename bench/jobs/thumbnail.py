"""The main job: JPEG bytes in, bytes of a smaller JPEG out."""

from .job import Job

QUALITY = 80

JOBS = [
    Job(
        name=f"thumbnail-{width}",
        title=f"JPEG bytes to {width} wide (Lanczos) to JPEG bytes",
        command=f"thumbnail {width} {QUALITY}",
        takes="jpeg",
        gives="jpeg",
        inputs=("synthetic", "photos"),
        note="Pillow draft, vips thumbnail and OpenCV reduced decode at a fraction of the size, "
        "which is faster and gives other pixels. OpenCV has no antialiased Lanczos: INTER_AREA.",
    )
    for width in (720, 224)
]
