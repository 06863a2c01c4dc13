package io.github.cracbake.context.jdk;

import io.github.cracbake.context.restore.BeforeDump;
import io.github.cracbake.context.restore.RestoreInput;
import io.github.cracbake.context.restore.RestoreReport;
import io.github.cracbake.context.restore.RestoreStep;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;

/**
 * When the process was started, which {@code ProcessHandle.current()} keeps: the kernel says another time after a restore, and the JDK takes the
 * process for one that has ended, with no information of it (java.lang.ProcessHandleImpl, the same names in OpenJDK 11 to 25).
 */
public final class ProcessRefresh implements RestoreStep {
    private final StaticField current;
    private final Object unsafe;
    private final Method putLong;
    private final Method startOf;
    private final long startOffset;
    private final Field pid;

    public ProcessRefresh() throws ReflectiveOperationException {
        Class<?> handle = Reflect.bootClass("java.lang.ProcessHandleImpl");
        current = new StaticField(new Initialised(), handle, "current");
        startOf = Reflect.method(handle, "isAlive0", long.class);
        pid = Reflect.field(handle, "pid");
        // Not by reflection: JDK 26 and later warn of a final field that is changed so.
        Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
        unsafe = Reflect.method(type, "getUnsafe").invoke(null);
        putLong = Reflect.method(type, "putLong", Object.class, long.class, long.class);
        startOffset = (Long) Reflect.method(type, "objectFieldOffset", Field.class).invoke(unsafe, Reflect.field(handle, "startTime"));
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public void rehearse(RestoreInput example, BeforeDump dump) throws ReflectiveOperationException {
        follow();
    }

    @Override
    public Map<String, Object> refresh(RestoreInput input, RestoreReport report) throws ReflectiveOperationException {
        follow();
        return Collections.emptyMap();
    }

    private void follow() throws ReflectiveOperationException {
        Object handle = current.get();
        if (handle == null) {
            return;
        }
        // Its answer for a living process is when that was started, in ms; it is -1 for one that is not there.
        long started = (Long) startOf.invoke(null, pid.get(handle));
        if (started >= 0) {
            putLong.invoke(unsafe, handle, startOffset, started);
        }
    }
}
