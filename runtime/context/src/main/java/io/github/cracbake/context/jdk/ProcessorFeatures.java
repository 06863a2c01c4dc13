package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
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
    /** As in {@code CPU: total 2 (…) family 6 model 85 stepping 7 microcode 0x1, cx8, cmov, …} of {@code VM.info}. */
    private static final Pattern CPU = Pattern.compile("^CPU: ?total .*$", Pattern.MULTILINE);
    /** As in {@code -XX:-UseSHA -XX:UseAVX=2} of {@code VM.flags}: the options that were set. */
    private static final Pattern OPTION = Pattern.compile("-XX:(?:([+-])(Use\\w+)|(Use\\w+)=(\\w+))");

    private List<String> listed = Collections.emptyList();
    private final Map<String, Object> options = new LinkedHashMap<>();
    private Collection<String> hidden = Collections.emptyList();

    public ProcessorFeatures() {
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public void atStart(Collection<String> unwanted) throws ReflectiveOperationException {
        // Loads the native library of what is called here.
        Class.forName("com.sun.management.internal.PlatformMBeanProviderImpl");
        Matcher cpu = CPU.matcher(diagnostic("VM.info"));
        if (!cpu.find()) {
            return;
        }
        listed = features(cpu.group());
        Matcher option = OPTION.matcher(diagnostic("VM.flags"));
        while (option.find()) {
            boolean isSwitch = option.group(1) != null;
            options.put(isSwitch ? option.group(2) : option.group(3), isSwitch ? String.valueOf(option.group(1).equals("+")) : option.group(4));
        }
        List<String> wanted = new ArrayList<>(unwanted);
        wanted.retainAll(listed);
        if (!wanted.isEmpty() && FeatureWord.clear(listed, wanted)) {
            hidden = wanted;
        }
    }

    private static String diagnostic(String name) throws ReflectiveOperationException {
        Class<?> commands = Class.forName("com.sun.management.internal.DiagnosticCommandImpl");
        Object command = Reflect.method(commands, "getDiagnosticCommandMBean").invoke(null);
        Method execute = Reflect.method(commands, "executeDiagnosticCommand", String.class);
        return (String) execute.invoke(command, name);
    }

    /** The names behind the first comma that is outside of brackets. */
    static List<String> features(String cpuLine) {
        String[] parts = cpuLine.replaceAll("\\([^)]*\\)", "").split(", *");
        return new ArrayList<>(Arrays.asList(parts).subList(1, parts.length));
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) {
        if (listed.isEmpty()) {
            return;
        }
        Map<String, Object> cpu = new LinkedHashMap<>();
        cpu.put("listed", listed);
        cpu.put("hidden", new ArrayList<>(hidden));
        cpu.put("options", options);
        dump.found("cpu", cpu);
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) {
        return Collections.emptyMap();
    }
}
