package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class HooksTest extends AppWithAgent {
    @Test
    void runInReverseOrderAndBackInOrder() throws Exception {
        app.ask("register ok a", "registered");
        app.ask("register ok b", "registered");
        app.ask("register ok c", "registered");

        init.trigger();
        JsonObject ready = init.await("ready");
        assertEquals(List.of("before c", "before b", "before a"), app.hooks());
        assertEquals("agent", init.read("checkpointing").get("trigger").getAsString());
        assertFalse(init.has("trigger"));

        init.resume("", "VARIABLE=new");
        JsonObject acknowledged = init.await("acknowledged");
        app.expect("after c");
        assertEquals(List.of("before c", "before b", "before a", "after a", "after b", "after c"), app.hooks());
        assertEquals("after a VARIABLE=new", app.stdout().get(7));

        assertEquals(app.pid(), ready.get("pid").getAsLong());
        assertEquals("agent", ready.get("trigger").getAsString());
        assertTrue(ready.get("elapsedMs").getAsDouble() > 0);
        assertTrue(ready.get("vmName").getAsString().contains("VM"));
        assertTrue(Character.isDigit(ready.get("javaVersion").getAsString().charAt(0)));
        assertEquals(0, ready.getAsJsonArray("collected").size());
        String working = "beforeCheckpoint Working ok";
        assertEquals(List.of(working, working, working), CracInit.resources(ready));
        JsonObject first = ready.getAsJsonArray("resources").get(0).getAsJsonObject();
        assertEquals("testapps.HookApp$Working", first.get("class").getAsString());
        assertTrue(first.get("elapsedMs").getAsDouble() >= 0);
        assertFalse(first.has("error"));

        working = "afterRestore Working ok";
        assertEquals(List.of(working, working, working), CracInit.resources(acknowledged));
        assertTrue(acknowledged.get("elapsedMs").getAsDouble() > 0);
        assertFalse(init.has("failed"));
    }

    @Test
    void runOnAThreadThatKeepsTheJvmAliveUnderTheLoaderOfTheRegistration() throws Exception {
        app.ask("context-loader red", "context loader");
        app.ask("register ok a", "registered");
        app.ask("context-loader blue", "context loader");
        app.ask("register ok b", "registered");
        init.trigger();
        init.await("ready");
        app.expect("before b daemon=false loader=blue");
        app.expect("before a daemon=false loader=red");
    }

    @Test
    void ofACollectedResourceDoNotRunAndAreReported() throws Exception {
        app.ask("register ok a", "registered");
        app.ask("register-unheld lost", "registered");
        app.ask("register-unheld lost2", "registered");
        app.ask("getenv HOME", "getenv");
        init.trigger();
        JsonObject ready = init.await("ready");
        assertEquals(List.of("testapps.HookApp$Unheld"), CracInit.strings(ready.getAsJsonArray("collected")));
        assertEquals(List.of("beforeCheckpoint Working ok"), CracInit.resources(ready));
        assertEquals(List.of("before a"), app.hooks());
    }

    @Test
    void ofAResourceRegisteredTwiceRunOnceAtItsLastPlace() throws Exception {
        app.ask("register ok a", "registered");
        app.ask("register ok b", "registered");
        app.ask("register-again 0", "registered again");
        init.trigger();
        init.await("ready");
        assertEquals(List.of("before a", "before b"), app.hooks());
    }

    @Test
    void mayRegisterAnotherResource() throws Exception {
        app.ask("register ok a", "registered");
        app.ask("register registers b", "registered");
        init.trigger();
        init.await("ready");
        init.resume("");
        init.await("acknowledged");
        app.expect("after b");
        assertEquals(List.of("before b", "before a", "after a", "after b"), app.hooks());
    }

    @Test
    void thatHangLeaveCheckpointingWithoutReady() throws Exception {
        app.ask("register hangs a", "registered");
        init.trigger();
        init.await("checkpointing");
        app.expect("before a");
        Thread.sleep(200);
        assertFalse(init.has("ready"));
        assertFalse(init.has("failed"));
        // The app itself goes on.
        app.ask("getenv HOME", "getenv");
    }
}
