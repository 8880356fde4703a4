"""Streamlit's WebSocket protocol (protobuf ForwardMsg and BackMsg) as the browser speaks it, as far as the Build page needs it."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 60  # seconds for any one answer
CANVAS = "layerloom_canvas"
EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the widget that carries a component's triggers


class StreamlitSession:
    """One tab's session: opens the page, tells it what is on the canvas, and reads what comes."""

    def __init__(self, address: str, origin: str) -> None:
        self.address, self.origin = address, origin
        self.sockets: list[ClientConnection] = []
        self.listening: list[asyncio.Task[None]] = []
        self.cookie = ""
        self.canvas = ""  # the component's id
        self.fragment = ""
        self.picture: dict[str, Any] = {}
        self.seq = 0

    async def open(self, cookie: str) -> None:
        """Connect, and run the page's script for the first time."""
        self.cookie = cookie
        self.sockets.append(await self.socket(self.address, [Subprotocol("streamlit")]))
        await self.rerun("", {})

    async def socket(self, address: str, protocols: list[Subprotocol] | None = None) -> ClientConnection:
        """A WebSocket with the browser's headers."""
        headers = {"Cookie": self.cookie}
        origin = Origin(self.origin)
        return await connect(
            address, origin=origin, additional_headers=headers, subprotocols=protocols, max_size=None, open_timeout=PATIENCE
        )

    async def tell_seen(self, layer: str) -> None:
        """What the canvas tells the page: the layer that is chosen and the revision on the screen; returns when the page has rerun."""
        self.seq += 1
        seen = {"seq": self.seq, "layer": layer, "network": self.picture["network"], "revision": self.picture["revision"]}
        await self.rerun(self.fragment, {self.canvas: json.dumps([{"event": "seen", "value": seen}])})

    async def rerun(self, fragment: str, triggers: dict[str, str]) -> None:
        """Ask for a run of the script, or of a fragment of it, and read until it has finished."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.fragment_id = fragment
        message.rerun_script.query_string = ""
        for component, value in triggers.items():
            message.rerun_script.widget_states.widgets.add(id=EVENTS.format(component), json_trigger_value=value)
            message.rerun_script.widget_states.widgets.add(id=component, json_value="{}")
        await self.sockets[0].send(message.SerializeToString())
        while not await self.finished():
            pass

    async def finished(self) -> bool:
        """Read one message; whether it says that the run is over, and not that the page is drawn anew (st.rerun)."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = ForwardMsg.FromString(bytes(await self.sockets[0].recv(decode=False)))
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return False
            if message.script_finished not in (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY):
                raise RuntimeError(f"the script ended with {message.script_finished}")
            return True
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.read(message.delta.new_element, message.delta.fragment_id)
        return False

    def read(self, element: Any, fragment: str) -> None:
        """Take what is needed of a drawn element: the canvas, and where anything failed, that."""
        if element.HasField("exception"):
            raise RuntimeError(f"the page shows {element.exception.type}: {element.exception.message}")
        if element.HasField("alert"):
            raise RuntimeError(f"the page says: {element.alert.body}")
        if element.HasField("bidi_component") and element.bidi_component.component_name.endswith(CANVAS):
            component = element.bidi_component
            self.canvas, self.fragment = component.id, fragment
            self.picture = json.loads(component.json or component.mixed.json)["picture"]

    async def watch(self, canvas: str) -> None:
        """Open the canvas's own WebSocket, which tells it of changes that another canvas has made."""
        project, network, revision = (self.picture[key] for key in ("project", "network", "revision"))
        place = f"{self.origin.replace('http', 'ws')}/api/projects/{project}/watch"
        address = f"{place}?network={network}&canvas={canvas}&revision={revision}"
        self.sockets.append(await self.socket(address))
        self.listening.append(asyncio.create_task(self.listen()))

    async def listen(self) -> None:
        """Read what the server tells the canvas."""
        async for _ in self.sockets[1]:
            pass

    async def leave(self) -> None:
        """Close the tab."""
        for task in self.listening:
            task.cancel()
        with suppress(Exception):
            await asyncio.gather(*(socket.close() for socket in self.sockets))
