# The image of service mode: pages by default; worker and beat by another command, see
# compose.yaml. Runs as nobody in particular, with a read-only root file system.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY manage.py .
COPY ipamweb ipamweb
COPY templates templates
COPY static static
# Names of static files carry a hash of their content; this needs settings, but no service.
RUN IPAMWEB_DATA_DIR=/tmp/build IPAMWEB_STATIC_ROOT=/app/staticfiles \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && /venv/bin/python -m compileall -q ipamweb manage.py

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 ipamweb \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
    --shell /usr/sbin/nologin ipamweb
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=ipamweb.settings \
    IPAMWEB_MODE=service \
    IPAMWEB_STATIC_ROOT=/app/staticfiles
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz/ready', timeout=4)"]
CMD ["gunicorn", "ipamweb.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=8", \
     "--worker-tmp-dir=/dev/shm", "--no-control-socket", "--log-level=warning"]
