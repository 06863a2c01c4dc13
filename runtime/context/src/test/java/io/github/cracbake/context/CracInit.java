package io.github.cracbake.context;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The other side of the hand-over folder: what {@code crac-init} does there at bake and at restore. */
final class CracInit {
    final File folder;

    CracInit(File folder) {
        this.folder = folder;
    }

    void trigger() throws IOException {
        write("trigger", "");
    }

    void resume(String arguments, String... environment) throws IOException {
        write("environment", String.join("\0", environment) + "\0");
        write("arguments", arguments);
        write("resume", "");
    }

    void write(String name, String content) throws IOException {
        File unfinished = new File(folder, ".test." + name);
        Files.write(unfinished.toPath(), content.getBytes(StandardCharsets.UTF_8));
        if (!unfinished.renameTo(new File(folder, name))) {
            throw new IOException(name);
        }
    }

    boolean has(String name) {
        return new File(folder, name).exists();
    }

    JsonObject await(String name) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ChildJvm.PATIENCE);
        while (!has(name)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no file " + name + " in " + List.of(folder.list()));
            }
            Thread.sleep(2);
        }
        return read(name);
    }

    JsonObject read(String name) throws IOException {
        String text = new String(Files.readAllBytes(new File(folder, name).toPath()), StandardCharsets.UTF_8);
        return JsonParser.parseString(text).getAsJsonObject();
    }

    /** {@code phase class outcome} of each RESOURCE; the class without its package and outer class. */
    static List<String> resources(JsonObject report) {
        List<String> resources = new ArrayList<>();
        for (JsonElement element : report.getAsJsonArray("resources")) {
            JsonObject resource = element.getAsJsonObject();
            String className = resource.get("class").getAsString();
            resources.add(resource.get("phase").getAsString() + " " + className.substring(className.lastIndexOf('$') + 1)
                    + " " + resource.get("outcome").getAsString());
        }
        return resources;
    }

    static List<String> strings(JsonArray array) {
        List<String> strings = new ArrayList<>();
        for (JsonElement element : array) {
            strings.add(element.getAsString());
        }
        return strings;
    }
}
