package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the JVM knows of the processor, and so may use after the restore on another one. Most of it is held back by the JVM's own options;
 * for SERIALIZE and GFNI there are none, so HotSpot is made to forget them at the app's start.
 */
public final class ProcessorFeatures implements RestoreStep {
    /** As in {@code -XX:-UseSHA -XX:UseAVX=2} of {@code VM.flags}: the options that were set. */
    private static final Pattern OPTION = Pattern.compile("-XX:(?:([+-])(Use\\w+)|(Use\\w+)=(\\w+))");

    private List<String> listed = Collections.emptyList();
    private List<String> hidden = Collections.emptyList();

    public ProcessorFeatures() {
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public void atStart(Collection<String> unwanted) throws ReflectiveOperationException, IOException {
        if (unwanted.isEmpty()) {
            return;
        }
        listed = FeatureNames.find();
        List<String> wanted = new ArrayList<>(unwanted);
        wanted.retainAll(listed);
        if (!wanted.isEmpty() && FeatureWord.clear(listed, wanted)) {
            hidden = wanted;
        }
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) throws ReflectiveOperationException {
        if (listed.isEmpty()) {
            return;
        }
        Map<String, Object> cpu = new LinkedHashMap<>();
        cpu.put("listed", listed);
        cpu.put("hidden", hidden);
        cpu.put("options", setOptions());
        dump.found("cpu", cpu);
    }

    private static Map<String, Object> setOptions() throws ReflectiveOperationException {
        // Loads the native library of what is called here.
        Class.forName("com.sun.management.internal.PlatformMBeanProviderImpl");
        Class<?> commands = Class.forName("com.sun.management.internal.DiagnosticCommandImpl");
        Object command = Reflect.method(commands, "getDiagnosticCommandMBean").invoke(null);
        Method execute = Reflect.method(commands, "executeDiagnosticCommand", String.class);
        Map<String, Object> options = new LinkedHashMap<>();
        Matcher option = OPTION.matcher((String) execute.invoke(command, "VM.flags"));
        while (option.find()) {
            boolean isSwitch = option.group(1) != null;
            options.put(isSwitch ? option.group(2) : option.group(3), isSwitch ? String.valueOf(option.group(1).equals("+")) : option.group(4));
        }
        return options;
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) {
        return Collections.emptyMap();
    }
}
