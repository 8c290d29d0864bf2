# The service as an image: `docker build -t shadowprice .`, then `docker run -p 8000:8000 -v shadowprice:/data shadowprice`.
FROM python:3.12-slim-bookworm

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONUNBUFFERED=1

WORKDIR /srv

# Dependencies first: this layer changes only with the lock file.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE THIRD_PARTY_NOTICES.md ./
COPY models models
COPY solvers solvers
COPY app app
COPY examples examples
# Editable, as in a checkout: the package finds examples/ beside app/. Compiled here, because the root may be read-only later.
RUN pip install --no-deps --no-build-isolation --editable . \
    && python -m compileall -q app models solvers \
    && python -m solvers.compiled

RUN useradd --system --uid 10001 --user-group --no-create-home shadowprice \
    && install -d -o shadowprice -g shadowprice /data \
    && chown -R shadowprice:shadowprice .kernels
USER shadowprice
VOLUME /data

# The port is 8000, or what SHADOWPRICE_PORT or PORT says.
ENV SHADOWPRICE_HOST=0.0.0.0 \
    SHADOWPRICE_DATA_DIR=/data \
    PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; port = os.environ.get('SHADOWPRICE_PORT', os.environ.get('PORT', '8000')); web.urlopen(f'http://127.0.0.1:{port}/readyz', timeout=2)"]

CMD ["shadowprice", "serve"]
