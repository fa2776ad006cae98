package kr.kisgateway.bench.soak;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * An agent in the gateway's process that loses a bit of everything at each step: a soak that does not find it finds nothing.
 * Only the JDK's classes are used, because its jar contains no other one.
 */
public final class Leak implements Runnable {
    /** Small ones: the collector gives an array of half a region whole regions. */
    private static final int ARRAYS = 10;

    private static final int ARRAY_BYTES = 100 << 10;

    /** Less than the heap, where a smoke test on a slow machine takes many steps. */
    private static final int STEPS_MAX = 60;

    private static final int BUFFER_BYTES = 1 << 20;

    private static final int FILES = 20;

    private static final long BEGIN_POLL_MS = 100;

    private final long stepMillis;
    private final Path begin;
    private final Path folder;
    private final List<byte[]> heap = new ArrayList<>();
    private final List<ByteBuffer> buffers = new ArrayList<>();
    private final List<InputStream> open = new ArrayList<>();
    private int files;

    private Leak(long stepMillis, Path begin, Path folder) {
        this.stepMillis = stepMillis;
        this.begin = begin;
        this.folder = folder;
    }

    /** @param arguments milliseconds of a step, the file whose creation begins it, and the folder for files; with bars */
    public static void premain(String arguments) {
        var parts = arguments.split("\\|", 3);
        var leak = new Leak(Long.parseLong(parts[0]), Path.of(parts[1]), Path.of(parts[2]));
        Thread.ofPlatform().daemon().name("planted-leak").start(leak);
    }

    /**
     * The flag that adds it to a JVM.
     *
     * @param jarFolder an empty folder for the agent's jar
     * @param step time between two steps
     * @param begin it waits until this file exists
     * @param folder where files are left
     */
    public static String agent(Path jarFolder, Duration step, Path begin, Path folder) throws IOException {
        var jar = jarFolder.resolve("leak.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Leak.class.getName());
        var name = Leak.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var code = Leak.class.getClassLoader().getResourceAsStream(name)) {
            if (code == null) throw new IOException(name + " is missing");
            out.putNextEntry(new JarEntry(name));
            code.transferTo(out);
        }
        return "-javaagent:" + jar + "=" + step.toMillis() + "|" + begin + "|" + folder;
    }

    @Override
    public void run() {
        while (!Files.exists(begin)) LockSupport.parkNanos(BEGIN_POLL_MS * 1_000_000);
        for (int step = 0; step < STEPS_MAX; step++) {
            LockSupport.parkNanos(stepMillis * 1_000_000);
            step();
        }
        LockSupport.park(); // what was lost stays lost
    }

    private void step() {
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < ARRAYS; i++) heap.add(new byte[ARRAY_BYTES]);
            buffers.add(ByteBuffer.allocateDirect(BUFFER_BYTES));
            Thread.ofPlatform().daemon().name("planted-thread").start(LockSupport::park);
            for (int i = 0; i < FILES; i++) {
                Files.writeString(folder.resolve("planted-" + files), "planted");
                files++;
            }
            open.add(
                    new FileInputStream(folder.resolve("planted-" + (files - 1)).toFile()));
        } catch (IOException e) {
            System.err.println("planted leak: " + e);
        }
    }
}
