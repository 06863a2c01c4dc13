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
    private final Class<?> handle = Reflect.bootClass("java.lang.ProcessHandleImpl");
    private final StaticField current = new StaticField(new Initialised(), handle, "current");
    private final Method startOf = Reflect.method(handle, "isAlive0", long.class);
    private final Field pid = Reflect.field(handle, "pid");
    /** Not by reflection: JDK 26 and later warn of a final field that is changed so. */
    private final JdkUnsafe unsafe = new JdkUnsafe();
    private final Method putLong = unsafe.method("putLong", Object.class, long.class, long.class);
    private final long startOffset;

    public ProcessRefresh() throws ReflectiveOperationException {
        startOffset = (Long) unsafe.method("objectFieldOffset", Field.class).invoke(unsafe.instance, Reflect.field(handle, "startTime"));
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
        Object self = current.get();
        if (self == null) {
            return;
        }
        // Its answer for a living process is when that was started, in ms; it is -1 for one that is not there.
        long started = (Long) startOf.invoke(null, pid.get(self));
        if (started >= 0) {
            putLong.invoke(unsafe.instance, self, startOffset, started);
        }
    }
}
