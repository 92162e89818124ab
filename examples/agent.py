#!/usr/bin/env python3
"""One agent on a MONTI server, as a phone system would connect it: answers, talks, wraps up.

    python3 -m venv .venv && .venv/bin/pip install websockets
    .venv/bin/python examples/agent.py 127.0.0.1:8080 avery sales     # MONTI_TOKEN=…, where one is needed
"""
import asyncio, json, os, sys
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed


async def run(server, agent, department, talk=5.0, wrap_up=2.0):
    token = os.environ.get("MONTI_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else None
    async for link in connect(f"ws://{server}/ws/agent", additional_headers=headers):
        async def say(kind, **fields):
            await link.send(json.dumps({"type": kind, "agentId": agent, **fields}))
        try:
            await say("register", department=department)
            async for text in link:
                message = json.loads(text)
                kind, call = message["type"], message.get("callId", message.get("resumedCallId"))
                print(kind, call or "", message.get("message", ""), flush=True)
                if kind == "call_assign":
                    await say("call_accept", callId=call)
                elif message.get("state") != "on_call":  # else it was when the connection was lost: it goes on
                    continue
                await asyncio.sleep(talk)
                await say("call_complete", callId=call, outcome="helped")
                await asyncio.sleep(wrap_up)
                await say("state_change", state="available")
        except ConnectionClosed as closed:
            print("connection lost:", closed, file=sys.stderr)  # and made again, with back-off


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:4], *map(float, sys.argv[4:])))
