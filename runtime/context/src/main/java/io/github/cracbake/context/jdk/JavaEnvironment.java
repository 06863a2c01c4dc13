package io.github.cracbake.context.jdk;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The map behind {@code System.getenv}: {@code theEnvironment} of {@code java.lang.ProcessEnvironment} (same names in OpenJDK 11 to 25, Linux).
 * It is changed in place, so that whoever holds {@code System.getenv()} sees the new values; no JDK code locks it, so only what differs is
 * touched.
 */
final class JavaEnvironment {
    private final Map<Object, Object> map;
    private final Method variableOf;
    private final Method valueOf;

    @SuppressWarnings("unchecked")
    JavaEnvironment() throws ReflectiveOperationException {
        Field field = Class.forName("java.lang.ProcessEnvironment").getDeclaredField("theEnvironment");
        field.setAccessible(true);
        map = (Map<Object, Object>) field.get(null);
        variableOf = fromBytes("Variable");
        valueOf = fromBytes("Value");
    }

    private static Method fromBytes(String nested) throws ReflectiveOperationException {
        Method method = Class.forName("java.lang.ProcessEnvironment$" + nested).getDeclaredMethod("valueOf", byte[].class);
        method.setAccessible(true);
        return method;
    }

    void replace(List<byte[]> entries) throws ReflectiveOperationException {
        update(map, parse(entries));
    }

    /** The same on a map of its own. */
    void rehearse(List<byte[]> entries) throws ReflectiveOperationException {
        Map<Object, Object> copy = new HashMap<>(map);
        update(copy, parse(entries));
    }

    private static void update(Map<Object, Object> target, Map<Object, Object> wanted) {
        target.keySet().retainAll(wanted.keySet());
        for (Map.Entry<Object, Object> entry : wanted.entrySet()) {
            if (!entry.getValue().equals(target.get(entry.getKey()))) {
                target.put(entry.getKey(), entry.getValue());
            }
        }
    }

    /** As the JDK does at its start: what has no '=' is left out, and of two with the same name the first counts. */
    private Map<Object, Object> parse(List<byte[]> entries) throws ReflectiveOperationException {
        Map<Object, Object> parsed = new HashMap<>();
        for (byte[] entry : entries) {
            int equals = 0;
            while (equals < entry.length && entry[equals] != '=') {
                equals++;
            }
            if (equals < entry.length) {
                Object variable = variableOf.invoke(null, (Object) Arrays.copyOfRange(entry, 0, equals));
                parsed.putIfAbsent(variable, valueOf.invoke(null, (Object) Arrays.copyOfRange(entry, equals + 1, entry.length)));
            }
        }
        return parsed;
    }
}
