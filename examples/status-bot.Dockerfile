# The bot in a container. Put the wheel of gazu beside this file:
#
#   docker build -t status-bot -f status-bot.Dockerfile .
#   docker run -d --restart on-failure -v status-bot:/state --env-file status-bot.env status-bot
FROM python:3.12-slim

COPY *.whl /tmp/
RUN pip install --no-cache-dir /tmp/*.whl && rm /tmp/*.whl

RUN useradd --create-home bot && install -d -o bot -m 700 /state
USER bot
WORKDIR /home/bot
COPY status_bot.py .

# What the bot has handled must outlive the container.
ENV STATE_DIRECTORY=/state
VOLUME /state

HEALTHCHECK --interval=60s --start-period=60s \
    CMD ["python", "status_bot.py", "--healthy"]

# Without a shell, so that the SIGTERM of "docker stop" reaches the bot.
CMD ["python", "status_bot.py"]
