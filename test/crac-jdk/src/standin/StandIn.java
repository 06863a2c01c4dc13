package standin;

import java.util.HashMap;
import java.util.Map;

/** The agent by which a stock JVM keeps the contract of a CRaC JDK. Its argument comes from bin/java: `to=DIR;engine=PROGRAM;home=JDK;attach=on`. */
public final class StandIn {
    static final Map<String, String> SETTINGS = new HashMap<>();

    private StandIn() {
    }

    public static void premain(String argument) {
        for (String pair : argument.split(";")) SETTINGS.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        if ("on".equals(SETTINGS.get("attach"))) AttachListener.start();
    }
}
