package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import org.junit.jupiter.api.Test;

/** {@code Core.checkpointRestore()} called by the app. */
class AppTriggerTest extends AppWithAgent {
    @Test
    void returnsWhenRestored() throws Exception {
        app.ask("register ok a", "registered");
        app.send("checkpoint");
        assertEquals("app", init.await("ready").get("trigger").getAsString());
        assertEquals("app", init.read("checkpointing").get("trigger").getAsString());
        init.resume("");
        init.await("acknowledged");
        app.expect("checkpoint: restored");
    }

    @Test
    void keepsAnInterruptForTheApp() throws Exception {
        app.send("interrupted-checkpoint");
        init.await("ready");
        app.expect("interrupted");
        init.resume("");
        init.await("acknowledged");
        app.expect("checkpoint: restored interrupted=true");
    }

    @Test
    void isRefusedWhileAnotherRunsAndTheFileTriggerWaits() throws Exception {
        app.ask("register ok a", "registered");
        app.send("checkpoint-in-thread");
        init.await("ready");
        String answer = app.ask("checkpoint", "checkpoint:");
        assertTrue(answer.contains("CheckpointException [java.lang.IllegalStateException: another checkpoint"), answer);
        init.trigger();
        Thread.sleep(100);
        assertTrue(init.has("trigger"));
        init.resume("");
        init.await("acknowledged");
        app.expect("checkpoint in thread: restored");
    }

    @Test
    void isRefusedFromAHook() throws Exception {
        app.ask("register recursive a", "registered");
        init.trigger();
        init.await("ready");
        app.expect("recursive: CheckpointException [java.lang.IllegalStateException: another checkpoint");
    }

    @Test
    void isRefusedInARestoredProcessWhichHasNoThreadOfOursAnyMore() throws Exception {
        assertTrue(app.ask("threads", "threads").contains("crac-bake trigger"));
        init.trigger();
        init.await("ready");
        init.resume("");
        init.await("acknowledged");
        String threads = app.ask("threads", "threads");
        for (int i = 0; threads.contains("crac-bake") && i < 500; i++) {
            Thread.sleep(10);
            threads = app.ask("threads", "threads");
        }
        assertFalse(threads.contains("crac-bake"), threads);
        String answer = app.ask("checkpoint", "checkpoint:");
        assertTrue(answer.contains("CheckpointException [java.lang.IllegalStateException: this process is a restored one"), answer);
    }

    @Test
    void failsWhenTheFolderIsGone() throws Exception {
        app.ask("register ok a", "registered");
        assertTrue(new File(folder, "agent").delete());
        assertTrue(folder.delete());
        String answer = app.ask("checkpoint", "checkpoint:");
        assertTrue(answer.startsWith("checkpoint: CheckpointException [java.io.FileNotFoundException"), answer);
        assertEquals(0, app.hooks().size());
    }
}
