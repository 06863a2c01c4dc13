package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailingHooksTest extends AppWithAgent {
    @Test
    void beforeCheckpointRollsBackAndASecondTriggerIsTaken() throws Exception {
        app.ask("register ok a", "registered");
        app.ask("register fails-before b", "registered");
        app.ask("register ok c", "registered");
        init.trigger();
        JsonObject failed = init.await("failed");
        assertEquals(List.of("before c", "before b", "before a", "after a", "after b", "after c"), app.hooks());
        assertEquals(List.of(
                "beforeCheckpoint Working ok", "beforeCheckpoint FailingBefore failed", "beforeCheckpoint Working ok",
                "afterRestore Working ok", "afterRestore FailingBefore ok", "afterRestore Working ok"), CracInit.resources(failed));
        assertFalse(init.has("ready"));
        assertEquals("agent", failed.get("trigger").getAsString());

        JsonObject resource = failed.getAsJsonArray("resources").get(1).getAsJsonObject();
        String error = "java.lang.IllegalStateException: \"quoted\" \\ tab\there\nsecond line \u0001 \ud83d\ude00 half \ud83d";
        assertEquals(error, resource.get("error").getAsString());
        assertTrue(resource.get("stack").getAsString().contains("at testapps.HookApp$FailingBefore.beforeCheckpoint(HookApp.java:"));
        assertEquals(List.of(), app.stderr());

        init.trigger();
        app.expect("after c");
        for (int i = 0; app.hooks().size() < 12 && i < 1000; i++) {
            Thread.sleep(10);
        }
        assertEquals(12, app.hooks().size());
    }

    @Test
    void beforeCheckpointTellsTheCaller() throws Exception {
        app.ask("register fails-before a", "registered");
        String answer = app.ask("checkpoint", "checkpoint:");
        assertTrue(answer.startsWith("checkpoint: CheckpointException [java.lang.IllegalStateException: \"quoted\""), answer);
        assertEquals("app", init.await("failed").get("trigger").getAsString());
    }

    @Test
    void afterRestoreIsAFailedRestore() throws Exception {
        app.ask("register ok a", "registered");
        app.ask("register fails-after b", "registered");
        app.ask("register ok c", "registered");
        app.send("checkpoint");
        init.await("ready");
        init.resume("", "VARIABLE=new");
        JsonObject failed = init.await("failed");
        app.expect("checkpoint: RestoreException [java.lang.AssertionError: no way back]");
        assertEquals(List.of("afterRestore Working ok", "afterRestore FailingAfter failed", "afterRestore Working ok"),
                CracInit.resources(failed));
        assertTrue(failed.getAsJsonObject("environment").get("native").getAsBoolean());
        assertTrue(failed.has("warnings"));
        assertFalse(init.has("acknowledged"));
    }
}
