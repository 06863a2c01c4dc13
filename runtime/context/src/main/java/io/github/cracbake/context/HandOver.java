package io.github.cracbake.context;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The folder in which the agent and {@code crac-init} meet. Plain {@code java.io}: no channel, no buffer outside the heap, and no file
 * that stays open, since all of this would be in the dump.
 */
final class HandOver {
    static final String DEFAULT_FOLDER = "/dev/shm/crac-bake";

    final File folder;

    HandOver(File folder) {
        this.folder = folder;
    }

    File file(String name) {
        return new File(folder, name);
    }

    boolean has(String name) {
        return file(name).exists();
    }

    boolean delete(String name) {
        return file(name).delete();
    }

    /** Null when there is no such file. */
    byte[] read(String name) throws IOException {
        if (!has(name)) {
            return null;
        }
        try (FileInputStream in = new FileInputStream(file(name))) {
            return in.readAllBytes();
        }
    }

    /** Whole or not at all: written under another name and renamed. */
    void write(String name, Object json) throws IOException {
        File unfinished = unfinished(name, json);
        if (!unfinished.renameTo(file(name))) {
            throw new IOException("cannot rename " + unfinished + " to " + name);
        }
    }

    /** Writes {@code json} under a name that nobody looks for. */
    File unfinished(String name, Object json) throws IOException {
        File unfinished = file("." + name + "." + ProcessHandle.current().pid());
        try (FileOutputStream out = new FileOutputStream(unfinished)) {
            out.write((Json.of(json) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return unfinished;
    }

    /** The keys by which {@code crac-init} knows this JVM. */
    static Map<String, Object> identity() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pid", ProcessHandle.current().pid());
        json.put("javaVersion", System.getProperty("java.version"));
        json.put("javaVendor", System.getProperty("java.vendor"));
        json.put("vmName", System.getProperty("java.vm.name"));
        return json;
    }
}
