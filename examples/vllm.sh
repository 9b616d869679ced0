#!/usr/bin/env bash
# Evaluates a model served by vLLM on this machine, judged by a hosted model.
#
#   OPENAI_API_KEY=... examples/vllm.sh Qwen/Qwen3-VL-8B-Instruct PATH-OF-THE-DATA-SET
#
# Needs vLLM (`pip install vllm`) and a GPU that holds the model. Stops the server at the end.
set -euo pipefail

model=${1:?the name of a model, as vLLM takes it}
dataset=${2:?the folder with the Parquet files}
judge=${JUDGE:-openai/gpt-5-mini}
port=${PORT:-8000}

vllm serve "$model" --port "$port" --limit-mm-per-prompt '{"image": 1}' &
server=$!
trap 'kill "$server"' EXIT
until curl --silent --fail "http://127.0.0.1:$port/health" >/dev/null; do
  kill -0 "$server"
  sleep 2
done

./turnstream eval --model "openai/$model" --model-base-url "http://127.0.0.1:$port/v1" \
  --judge "$judge" --judge-base-url "${OPENAI_BASE_URL:-https://api.openai.com/v1}" \
  --dataset "$dataset" --expect examples/gates.yaml
