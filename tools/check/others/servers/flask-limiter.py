import os

from flask import Flask, jsonify, request
from flask_limiter import Limiter

app = Flask(__name__)
limiter = Limiter(
    lambda: request.path,
    app=app,
    default_limits=[f"{os.environ.get('LIMIT', '20')} per hour"],
    storage_uri="memory://",
    headers_enabled=True,
)


@app.post("/<counter>")
def count(counter):
    return jsonify({})


app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)
