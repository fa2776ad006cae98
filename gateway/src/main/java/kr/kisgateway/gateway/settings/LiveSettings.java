package kr.kisgateway.gateway.settings;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The settings that change while the gateway runs, as last read. */
public final class LiveSettings {
    private final List<Consumer<Settings.Live>> listeners = new CopyOnWriteArrayList<>();
    private volatile Settings.Live current;

    /** @param started the settings of the start */
    public LiveSettings(Settings.Live started) {
        this.current = started;
    }

    /** The settings that apply now. */
    public Settings.Live current() {
        return current;
    }

    /** Adds a listener, which receives the settings after each change; called by the thread that reads the files, must not wait. */
    public void onChange(Consumer<Settings.Live> listener) {
        listeners.add(listener);
    }

    /** Makes {@code read} the settings that apply. */
    public void apply(Settings.Live read) {
        if (!read.equals(current)) {
            current = read;
            listeners.forEach(listener -> listener.accept(read));
        }
    }
}
