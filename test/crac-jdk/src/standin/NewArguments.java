package standin;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the restoring `java` handed over: its environment over the old one, properties, a new main. What was only there before stays. */
final class NewArguments {
    private NewArguments() {
    }

    /** Returns the new main with its arguments, or "". */
    static String take(String id) throws IOException {
        Path file = Path.of("/dev/shm/crac_" + id);
        if (!Files.exists(file)) return "";
        String content = Files.readString(file, StandardCharsets.UTF_8);
        Files.delete(file);
        String main = "";
        for (String entry : content.split("\0")) {
            if (entry.isEmpty()) continue;
            String text = entry.substring(1);
            int equals = text.indexOf('=');
            switch (entry.charAt(0)) {
                case 'E': setVariable(text.substring(0, equals), text.substring(equals + 1)); break;
                case 'D': System.setProperty(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1)); break;
                default: main = text;
            }
        }
        return main;
    }

    @SuppressWarnings("unchecked")
    private static void setVariable(String name, String value) throws IOException {
        try {
            Field field = Class.forName("java.lang.ProcessEnvironment").getDeclaredField("theEnvironment");
            field.setAccessible(true);
            ((Map<Object, Object>) field.get(null)).put(of("Variable", name), of("Value", value));
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    private static Object of(String nested, String text) throws ReflectiveOperationException {
        Method method = Class.forName("java.lang.ProcessEnvironment$" + nested).getDeclaredMethod("valueOf", String.class);
        method.setAccessible(true);
        return method.invoke(null, text);
    }
}
