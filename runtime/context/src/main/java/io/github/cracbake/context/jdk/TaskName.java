package io.github.cracbake.context.jdk;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a scheduled task is called in a report. */
final class TaskName {
    /** Fields of wrappers: of the JDK's own Callable around a Runnable, of Spring's that catches errors, of Vert.x's timer. */
    private static final String[] INNER = {"task", "delegate", "runnable", "handler"};
    private static final String[] WRAPPERS = {"java.util.concurrent.", "org.springframework.", "io.netty.util.concurrent.", "io.vertx.core.impl."};
    private static final int DEEPEST = 5;

    private TaskName() {
    }

    static Map<String, Object> describe(String kind, Object task, double periodMs) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind);
        json.put("class", of(task));
        json.put("periodMs", periodMs);
        return json;
    }

    private static String of(Object task) {
        Object innermost = task;
        for (int i = 0; i < DEEPEST && isWrapper(innermost); i++) {
            Object next = inner(innermost);
            if (next == null) {
                break;
            }
            innermost = next;
        }
        if (innermost == null) {
            return "unknown";
        }
        String name = innermost.getClass().getName();
        // Spring's name the method.
        if (name.startsWith("org.springframework.")) {
            return text(innermost, name);
        }
        // What follows is another one in each JVM.
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : name.substring(0, lambda) + "$$Lambda";
    }

    private static boolean isWrapper(Object task) {
        if (task != null) {
            for (String wrapper : WRAPPERS) {
                if (task.getClass().getName().startsWith(wrapper)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Object inner(Object wrapper) {
        for (String name : INNER) {
            try {
                Field field = Reflect.field(wrapper.getClass(), name);
                Object inner = field.get(wrapper);
                if (inner != null) {
                    return inner;
                }
            } catch (ReflectiveOperationException | RuntimeException other) {
                // Perhaps the next one.
            }
        }
        return null;
    }

    private static String text(Object task, String otherwise) {
        try {
            return task.toString();
        } catch (RuntimeException fails) {
            return otherwise;
        }
    }
}
