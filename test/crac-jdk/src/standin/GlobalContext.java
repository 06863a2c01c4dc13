package standin;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jdk.crac.CheckpointException;
import jdk.crac.Context;
import jdk.crac.Resource;
import jdk.crac.RestoreException;

/** The app's Resources, held weakly: hooks run in reverse order before the checkpoint and in order after the restore. */
public final class GlobalContext extends Context<Resource> {
    private final List<WeakReference<Resource>> registered = new ArrayList<>();
    private List<Resource> told = List.of();

    @Override
    public synchronized void register(Resource resource) {
        registered.add(new WeakReference<>(resource));
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
        List<Resource> living = new ArrayList<>();
        synchronized (this) {
            for (WeakReference<Resource> reference : registered) {
                Resource resource = reference.get();
                if (resource != null && !living.contains(resource)) living.add(resource);
            }
        }
        told = new ArrayList<>(living);
        Collections.reverse(living);
        CheckpointException failure = new CheckpointException();
        for (Resource resource : living) {
            try {
                resource.beforeCheckpoint(this);
            } catch (CheckpointException nested) {
                for (Throwable each : nested.getSuppressed()) failure.addSuppressed(each);
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) throw failure;
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) throws RestoreException {
        RestoreException failure = new RestoreException();
        for (Resource resource : told) {
            try {
                resource.afterRestore(this);
            } catch (RestoreException nested) {
                for (Throwable each : nested.getSuppressed()) failure.addSuppressed(each);
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        told = List.of();
        if (failure.getSuppressed().length > 0) throw failure;
    }
}
