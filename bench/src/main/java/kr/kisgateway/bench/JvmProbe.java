package kr.kisgateway.bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import jdk.management.jfr.FlightRecorderMXBean;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.programs.LocalProgram;

/** Counters of a running program's JVM and process. */
final class JvmProbe implements AutoCloseable {
    /** As the system has their names. */
    private static final Pattern OWN_THREAD =
            Pattern.compile("C[12] Comp|GC Thread|G1 |VM |JFR |Service Thread|Monitor Defla");

    /** Of the system's count, on every Linux. */
    private static final double TICKS_A_SECOND = 100;

    private final long pid;
    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private final MemoryMXBean memory;
    private final BufferPoolMXBean direct;
    private final FlightRecorderMXBean recorder;

    private JvmProbe(
            long pid,
            JMXConnector connector,
            ThreadMXBean threads,
            MemoryMXBean memory,
            BufferPoolMXBean direct,
            FlightRecorderMXBean recorder) {
        this.recorder = recorder;
        this.memory = memory;
        this.direct = direct;
        this.pid = pid;
        this.connector = connector;
        this.threads = threads;
    }

    /** Attaches to a running program. */
    @SuppressWarnings("BanJNDI") // the address is that of a process which this one has started itself
    static JvmProbe of(LocalProgram program) throws IOException {
        try {
            var machine = VirtualMachine.attach(String.valueOf(program.pid()));
            try {
                var connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
                var mbeans = connector.getMBeanServerConnection();
                return new JvmProbe(
                        program.pid(),
                        connector,
                        proxy(mbeans, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class),
                        proxy(mbeans, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class),
                        proxy(mbeans, "java.nio:type=BufferPool,name=direct", BufferPoolMXBean.class),
                        proxy(mbeans, FlightRecorderMXBean.MXBEAN_NAME, FlightRecorderMXBean.class));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new BenchException("The program's JVM cannot be inspected: " + e.getMessage(), e);
        }
    }

    private static <T> T proxy(MBeanServerConnection mbeans, String name, Class<T> type) throws IOException {
        return ManagementFactory.newPlatformMXBeanProxy(mbeans, name, type);
    }

    /** Bytes of the heap that are reachable after a collection. */
    long liveHeap() {
        memory.gc();
        memory.gc(); // the second collects what the first one finalized
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Bytes of buffers outside the heap. */
    long directBuffers() {
        return direct.getMemoryUsed();
    }

    /** Bytes of classes, compiled code and what else the JVM keeps beside the heap. */
    long nonHeap() {
        return memory.getNonHeapMemoryUsage().getUsed();
    }

    /** Live platform threads. */
    int threadCount() {
        return threads.getThreadCount();
    }

    /** Open files and sockets; -1 where the system does not report them. */
    int descriptors() throws IOException {
        var folder = Path.of("/proc/" + pid + "/fd");
        if (!Files.isReadable(folder)) return -1;
        try (var open = Files.list(folder)) {
            return (int) open.count();
        }
    }

    /** Bytes that all its threads have allocated so far; virtual ones count on their carriers. */
    long allocated() {
        return threads.getTotalThreadAllocatedBytes();
    }

    /**
     * Starts its flight recorder.
     *
     * @param settings of events, as {@code jdk.CPUTimeSample#enabled}
     * @return the recording's id
     */
    long startRecording(Map<String, String> settings) {
        long id = recorder.newRecording();
        recorder.setRecordingSettings(id, settings);
        recorder.startRecording(id);
        return id;
    }

    /** Ends a recording and writes it to a file. */
    void stopRecording(long id, Path file) throws IOException {
        recorder.stopRecording(id);
        recorder.copyTo(id, file.toString());
        recorder.closeRecording(id);
    }

    /** Bytes that a program has written to disk so far; -1 where the system does not report it. */
    static long written(LocalProgram program) throws IOException {
        var file = Path.of("/proc/" + program.pid() + "/io");
        if (!Files.isReadable(file)) return -1;
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("write_bytes:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(-1);
    }

    /** Seconds of processor time that each of the JVM's own threads has used: the collector's, the compilers' and others. Linux only. */
    static Map<String, Double> ownSeconds(LocalProgram program) throws IOException {
        var folder = Path.of("/proc/" + program.pid() + "/task");
        if (!Files.isDirectory(folder)) throw new BenchException("The system does not report the time of threads");
        var seconds = new HashMap<String, Double>();
        try (var tasks = Files.list(folder)) {
            for (var task : tasks.toList()) {
                try {
                    if (OWN_THREAD
                            .matcher(Files.readString(task.resolve("comm")))
                            .lookingAt()) {
                        seconds.put(task.toString(), ticks(Files.readString(task.resolve("stat"))) / TICKS_A_SECOND);
                    }
                } catch (NoSuchFileException _) {
                    // The thread has ended.
                }
            }
        }
        return seconds;
    }

    /** What threads have used between two readings; one that ended in between counts until the first. */
    static double used(Map<String, Double> before, Map<String, Double> after) {
        return after.entrySet().stream()
                .mapToDouble(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0.0))
                .sum();
    }

    /** Those of user and system, in a line of proc_pid_stat(5). */
    private static long ticks(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
