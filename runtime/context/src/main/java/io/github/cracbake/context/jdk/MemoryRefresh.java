package io.github.cracbake.context.jdk;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;

/**
 * Makes the checkpoint small: the garbage collection before the dump gives free heap back to the system, and so does malloc. After the restore the
 * limits of the heap's free part are the JVM's own again.
 */
public final class MemoryRefresh implements RestoreStep {
    private static final String LEAST = "MinHeapFreeRatio";
    private static final String MOST = "MaxHeapFreeRatio";

    private HotSpotDiagnosticMXBean bean;
    private String least;
    private String most;

    public MemoryRefresh() {
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) {
        // Not at the start: the module may be missing, and needs its time.
        bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (bean == null) {
            return;
        }
        least = bean.getVMOption(LEAST).getValue();
        most = bean.getVMOption(MOST).getValue();
        // The least is never above the most.
        bean.setVMOption(LEAST, "0");
        bean.setVMOption(MOST, "1");
    }

    /** Linux with glibc, 18 and later. */
    @Override
    public void settle() throws ReflectiveOperationException {
        if (bean == null) {
            return;
        }
        Class<?> commands = Class.forName("com.sun.management.internal.DiagnosticCommandImpl");
        Object command = Reflect.method(commands, "getDiagnosticCommandMBean").invoke(null);
        Method execute = Reflect.method(commands, "executeDiagnosticCommand", String.class);
        String help = (String) execute.invoke(command, "help");
        if (help.contains("System.trim_native_heap")) {
            execute.invoke(command, "System.trim_native_heap");
        }
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) {
        if (bean != null && most != null) {
            bean.setVMOption(MOST, most);
            bean.setVMOption(LEAST, least);
        }
        return Collections.emptyMap();
    }
}
