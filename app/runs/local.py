"""
The run engine of one server: a SQLite store, a queue in memory, and a supervised child process for each solve.

Everything that was accepted is on disk before the client hears of it; after a restart, runs that were not final are queued
again, up to three attempts each.
"""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from ulid import ULID

from app.errors import ERRORS, ProblemError
from app.execution import Job, Result, Stop, supervise
from app.runs.engine import Event, Submitted
from app.runs.record import NewRun, RunRecord, iso, seconds_since
from app.runs.store import RunStore
from app.settings import Settings
from models.run import Termination
from solvers.pipeline import failed

MAX_ATTEMPTS = 3
RETRY_SECONDS = 5
SWEEP_SECONDS = 600.0

logger = logging.getLogger("shadowprice.runs")


class Active:
    """What the engine keeps in memory of a run that is not final."""

    def __init__(self) -> None:
        self.stop = Stop()
        self.changed = asyncio.Condition()
        self.finished = asyncio.Event()


class LocalRunEngine:
    """Implements `app.runs.engine.RunEngine` inside one server process."""

    def __init__(self, settings: Settings, store: RunStore) -> None:
        self._settings = settings
        self._store = store
        self._queue: deque[str] = deque()
        self._arriving = 0
        self._waiting = asyncio.Condition()
        self._active: dict[str, Active] = {}
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="supervisor")
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    async def recover(self) -> None:
        """Queue again what an earlier server left behind; to be called before the first request arrives."""
        for run_id, attempts in await asyncio.to_thread(self._store.unfinished):
            self._active[run_id] = Active()
            if attempts >= MAX_ATTEMPTS:
                detail = f"The server ended {attempts} times while this run was being solved."
                await self._finish_failed(run_id, "SOLVER_CRASHED", detail)
            else:
                self._queue.append(run_id)

    async def start(self) -> None:
        """Start the workers."""
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._settings.workers)]
        self._tasks.append(asyncio.create_task(self._sweep()))

    @property
    def ready(self) -> bool:
        """True while the workers run and the service is not stopping."""
        return bool(self._tasks) and not self._stopping.is_set()

    def begin_shutdown(self) -> None:
        """Refuse new runs and let every waiting request go."""
        self._stopping.set()

    def abandon(self) -> None:
        """End the running solves at once; they are queued again at the next start."""
        for active in self._active.values():
            active.stop.request("kill")

    async def shut_down(self) -> None:
        """Give running solves their time to drain, then end them; they are queued again at the next start."""
        self.begin_shutdown()
        async with self._waiting:
            self._waiting.notify_all()
        workers = self._tasks[:-1]
        if workers:
            await asyncio.wait(workers, timeout=self._settings.drain_seconds)
        self.abandon()
        for task in self._tasks[-1:]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=True)

    async def submit(self, run: NewRun) -> Submitted:
        """Record a run and queue it; see `RunEngine.submit`."""
        parts = (run.kind.encode(), (run.explain or "").encode(), *([run.alteration] if run.alteration else []), run.body)
        digest = sha256(b"\0".join(parts)).hexdigest()
        if run.idempotency_key is not None:
            earlier = await self._replay(run.idempotency_key, digest)
            if earlier is not None:
                return Submitted(earlier, replayed=True)
        self._refuse_when_full()
        run_id = f"run_{ULID()}"
        self._active[run_id] = Active()
        self._arriving += 1
        try:
            await asyncio.to_thread(self._store.insert, run_id, run, digest)
        except sqlite3.IntegrityError:
            await self._let_go(run_id)
            return await self.submit(run)  # another request with the same key was faster: find its run
        except sqlite3.OperationalError as error:
            await self._let_go(run_id)
            logger.exception("a run could not be stored")
            detail = "The run could not be written to the store; the disk may be full."
            raise ProblemError("STORE_UNAVAILABLE", detail, headers={"Retry-After": str(RETRY_SECONDS)}) from error
        except Exception:
            await self._let_go(run_id)
            raise
        finally:
            self._arriving -= 1
        self._queue.append(run_id)
        async with self._waiting:
            self._waiting.notify()
        record = await self.get(run_id)
        assert record is not None
        return Submitted(record, replayed=False)

    async def get(self, run_id: str) -> RunRecord | None:
        """Return a run, or None."""
        return await asyncio.to_thread(self._store.get, run_id)

    async def request_of(self, run_id: str) -> NewRun | None:
        """Return the request of a run, or None."""
        return await asyncio.to_thread(self._store.request_of, run_id)

    async def wait(self, run_id: str, seconds: float) -> RunRecord | None:
        """Return the run when final, or as it is after so many seconds or when the service stops."""
        active = self._active.get(run_id)
        if active is not None and seconds > 0:
            await self._until_finished(active, seconds)
        return await self.get(run_id)

    async def list_runs(self, *, limit: int, before: str | None, status: str | None, kind: str | None) -> list[RunRecord]:
        """Return runs, newest first."""
        return await asyncio.to_thread(self._store.page, limit=limit, before=before, status=status, kind=kind)

    async def stop(self, run_id: str) -> RunRecord | None:
        """Ask a run to end now and keep its best solution."""
        active = self._active.get(run_id)
        if active is not None:
            active.stop.request("stop")
        return await self.get(run_id)

    async def delete(self, run_id: str) -> RunRecord | None:
        """Cancel an active run, or remove a final one."""
        active = self._active.get(run_id)
        if active is not None:
            active.stop.request("cancel")
            if run_id in self._queue:
                self._queue.remove(run_id)
                await self._finish_failed(run_id, "CANCELLED", "The run was cancelled while it waited.")
            else:
                await self._until_finished(active, None)
            return await self.get(run_id)
        record = await self.get(run_id)
        if record is not None:
            await asyncio.to_thread(self._store.remove, run_id)
        return record

    async def events(self, run_id: str, after: int) -> AsyncIterator[Event]:
        """Yield the events of a run from number `after` + 1 on, until it is final or the service stops."""
        while not self._stopping.is_set():
            active = self._active.get(run_id)
            rows = await asyncio.to_thread(self._store.events, run_id, after)
            for number, name, data in rows:
                after = number
                yield Event(number, name, data)
            if active is None or (rows and rows[-1][1] == "done"):
                return
            if not rows:
                await self._until_changed(active)

    async def _until_finished(self, active: Active, seconds: float | None) -> None:
        """Wait for the end of a run, but no longer than so many seconds or than the service runs."""
        waits = [asyncio.create_task(active.finished.wait()), asyncio.create_task(self._stopping.wait())]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()

    async def _until_changed(self, active: Active) -> None:
        try:
            async with asyncio.timeout(1.0), active.changed:
                await active.changed.wait()
        except TimeoutError:
            return

    def _refuse_when_full(self) -> None:
        if self._stopping.is_set():
            raise ProblemError("SHUTTING_DOWN", "The service is stopping.", headers={"Retry-After": str(RETRY_SECONDS)})
        waiting = len(self._queue) + self._arriving
        if waiting >= self._settings.queue_limit:
            detail = f"{waiting} runs are waiting, which is the limit."
            raise ProblemError("QUEUE_FULL", detail, headers={"Retry-After": str(RETRY_SECONDS)})

    async def _replay(self, key: str, digest: str) -> RunRecord | None:
        found = await asyncio.to_thread(self._store.find_key, key)
        if found is None:
            return None
        if found[1] != digest:
            raise ProblemError("IDEMPOTENCY_KEY_REUSED", f"The key belongs to {found[0]}, which had another body.")
        return await self.get(found[0])

    async def _work(self) -> None:
        """Take runs from the queue one after the other until the service stops."""
        while True:
            async with self._waiting:
                await self._waiting.wait_for(lambda: self._queue or self._stopping.is_set())
                if self._stopping.is_set():
                    return
                run_id = self._queue.popleft()
            try:
                await self._execute(run_id)
            except Exception:
                logger.exception("run %s broke off", run_id)
                await self._give_up(run_id)

    async def _give_up(self, run_id: str) -> None:
        """Record that a run failed for a defect of the service; where even that is impossible, the next start tries again."""
        try:
            await self._finish_failed(run_id, "INTERNAL_ERROR", "The service made a mistake while handling this run.")
        except Exception:
            logger.exception("the end of run %s could not be recorded", run_id)
            await self._let_go(run_id)

    async def _execute(self, run_id: str) -> None:
        request = await self.request_of(run_id)
        record = await self.get(run_id)
        if request is None or record is None:
            await self._let_go(run_id)
            return
        active = self._active[run_id]
        await asyncio.to_thread(self._store.start, run_id)
        await self._announce(active)
        loop = asyncio.get_running_loop()
        job = Job(
            kind=request.kind,
            body=request.body,
            explain=request.explain,
            time_limit=request.time_limit,
            spent=seconds_since(record.started_at) if record.started_at else 0.0,
            memory_mb=self._settings.memory_mb,
            threads=self._settings.threads_per_run,
            run_id=run_id,
            further=await self._of_parent(request),
        )
        result = await loop.run_in_executor(self._threads, self._supervise, job, run_id, active, loop)
        if active.stop.level == "kill" and result.answer is None:
            return
        await self._finish(run_id, result, cancelled=active.stop.level == "cancel")

    async def _of_parent(self, request: NewRun) -> tuple[bytes, ...]:
        """Return what a what-if or why-not is compared with: its alteration, and the parent's answer, empty when it is gone."""
        if request.alteration is None:
            return ()
        parent = await self.get(orjson.loads(request.alteration)["parent"])
        return request.alteration, (parent.answer if parent is not None and parent.answer is not None else b"")

    def _supervise(self, job: Job, run_id: str, active: Active, loop: asyncio.AbstractEventLoop) -> Result:
        def on_event(name: str, data: bytes) -> None:
            self._store.add_event(run_id, name, data.decode())
            asyncio.run_coroutine_threadsafe(self._announce(active), loop)

        return supervise(job, on_event=on_event, stop=active.stop)

    async def _announce(self, active: Active) -> None:
        async with active.changed:
            active.changed.notify_all()

    async def _finish(self, run_id: str, result: Result, *, cancelled: bool) -> None:
        if result.answer is None or result.head is None:
            await self._finish_failed(run_id, result.error or "SOLVER_CRASHED", result.detail)
            return
        if cancelled and result.head["error"] is not None:
            await self._finish_failed(run_id, "CANCELLED", "The run was cancelled before a solution was found.")
            return
        status = "cancelled" if cancelled else str(result.head.pop("status"))
        await self._record(run_id, lambda: self._write(run_id, status, result.head or {}, result.answer or b"{}"))

    async def _finish_failed(self, run_id: str, code: str, detail: str) -> None:
        title = ERRORS[code].title if code in ERRORS else "The run was cancelled"
        answer = failed(code, title, detail)
        status = "failed"
        if code == "CANCELLED":
            status = "cancelled"
            termination = Termination(reason="cancelled", limit="interrupted", detail=detail)
            answer = answer.model_copy(update={"error": None, "termination": termination})
        head: dict[str, Any] = orjson.loads(answer.model_dump_json(include={"termination", "objective", "error"}))
        body = answer.model_dump_json(exclude={"status"}).encode()
        await self._record(run_id, lambda: self._write(run_id, status, head, body))

    def _write(self, run_id: str, status: str, head: dict[str, Any], answer: bytes) -> None:
        expires = iso(datetime.now(UTC) + timedelta(hours=self._settings.keep_runs_hours))
        self._store.finish(run_id, status=status, head=head, answer=answer, expires_at=expires)

    async def _record(self, run_id: str, write: Callable[[], None]) -> None:
        await asyncio.to_thread(write)
        await self._let_go(run_id)

    async def _let_go(self, run_id: str) -> None:
        """Forget a run that is not active any more, and wake whoever waits for it."""
        active = self._active.pop(run_id, None)
        if active is not None:
            active.finished.set()
            await self._announce(active)

    async def _sweep(self) -> None:
        """Delete expired runs now and then."""
        while True:
            try:
                await asyncio.to_thread(self._store.remove_expired)
            except sqlite3.Error:
                logger.exception("expired runs could not be deleted; trying again later")
            await asyncio.sleep(SWEEP_SECONDS)
