"""Django's ImageField, in a form and in a model, and the thumbnails of easy-thumbnails."""

import django
from common import FOLDER, pixels, say
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "easy_thumbnails"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    MEDIA_ROOT=str(FOLDER / "media"),
    MEDIA_URL="/media/",
    USE_TZ=True,
    THUMBNAIL_DEBUG=True,
)
django.setup()

from django import forms  # noqa: E402
from django.core.files.images import get_image_dimensions  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402
from easy_thumbnails.files import get_thumbnailer  # noqa: E402


class Picture(models.Model):
    image = models.ImageField(upload_to="pictures", width_field="width", height_field="height")
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)

    class Meta:
        app_label = "easy_thumbnails"


class Form(forms.Form):
    image = forms.ImageField()


call_command("migrate", verbosity=0)
with connection.schema_editor() as editor:
    editor.create_model(Picture)

for name in ("photo.jpg", "logo.png", "cut.jpg", "text.jpg"):
    upload = SimpleUploadedFile(name, (FOLDER / name).read_bytes())
    form = Form(files={"image": upload})
    say(f"{name} is valid", form.is_valid())
    say("  errors", dict(form.errors))
    if not form.is_valid():
        continue
    cleaned = form.cleaned_data["image"]
    say("  type", (cleaned.content_type, cleaned.image.format, cleaned.image.size))
    say("  dimensions", get_image_dimensions(FOLDER / name))
    picture = Picture.objects.create(image=upload)
    picture.refresh_from_db()
    say("  in the database", (picture.width, picture.height, picture.image.width))
    for number, options in enumerate(
        [
            {"size": (60, 40)},
            {"size": (60, 60), "crop": True},
            {"size": (50, 70), "crop": "smart"},
            {"size": (40, 0), "crop": "0,-10", "quality": 60},
            {"size": (40, 40), "bw": True, "sharpen": True},
            {"size": (300, 300), "upscale": True, "detail": True, "autocrop": True},
            {"size": (90, 90), "background": "#abc"},
            {"size": (50, 50), "replace_alpha": "#fff", "zoom": 20, "crop": True},
        ]
    ):
        thumbnail = get_thumbnailer(picture.image).get_thumbnail(options)
        thumbnail.seek(0)
        data = thumbnail.read()
        say(f"  thumbnail {number} {thumbnail.width}x{thumbnail.height}", pixels(data))
        if data.startswith(b"\xff\xd8"):
            say("    bytes", data)
