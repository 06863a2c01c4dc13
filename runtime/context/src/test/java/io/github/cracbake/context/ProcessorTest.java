package io.github.cracbake.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What the agent finds out of the processor that the JVM uses, and makes it forget. */
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
class ProcessorTest {
    private static final List<String> UNWANTED = List.of("serialize", "gfni");

    @TempDir
    File folder;

    private JsonObject ready(String arguments, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(ChildJvm.agent(folder) + arguments, "-cp", ChildJvm.TEST_CLASSES, "testapps.HookApp"));
        try (ChildJvm app = ChildJvm.start(Map.of(), all.toArray(new String[0])).expect("started")) {
            CracInit init = new CracInit(folder);
            init.trigger();
            return init.await("ready");
        }
    }

    @Test
    void nothingIsSaidUnasked() throws Exception {
        assertFalse(ready("").has("cpu"));
    }

    @Test
    void theJvmsOwnListIsFoundAndWhatHasNoOptionIsForgotten() throws Exception {
        JsonObject ready = ready(",hide=" + String.join("+", UNWANTED), "-XX:UseAVX=2", "-XX:-UseSHA");
        JsonObject cpu = ready.getAsJsonObject("cpu");
        List<String> listed = CracInit.strings(cpu.getAsJsonArray("listed"));
        assertEquals("cx8", listed.get(0));
        assertTrue(listed.contains("sse2"), listed.toString());
        assertFalse(listed.contains("avx512f"), listed.toString());
        // Of those that this JVM knows and this processor has, all.
        List<String> expected = new ArrayList<>(UNWANTED);
        expected.retainAll(listed);
        assertEquals(expected, CracInit.strings(cpu.getAsJsonArray("hidden")));
        assertEquals("2", cpu.getAsJsonObject("options").get("UseAVX").getAsString());
        assertEquals("false", cpu.getAsJsonObject("options").get("UseSHA").getAsString());
        assertEquals(List.of(), CracInit.strings(ready.getAsJsonArray("warnings")));
    }
}
