import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Settings come as `name=value` arguments or as environment variables `APP_NAME`; arguments win. */
final class Settings {
    private static final Map<String, String> ARGUMENTS = new HashMap<>();

    private Settings() {
    }

    static void read(String[] args) {
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 0) throw new IllegalArgumentException("expected name=value, got " + arg);
            ARGUMENTS.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
    }

    /** The value, or an empty string. */
    static String text(String name) {
        String variable = "APP_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
        return ARGUMENTS.getOrDefault(name, System.getenv().getOrDefault(variable, ""));
    }

    static int number(String name, int otherwise) {
        String text = text(name);
        return text.isEmpty() ? otherwise : Integer.parseInt(text);
    }
}
