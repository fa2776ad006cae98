package kr.kisgateway.programs;

import java.util.concurrent.CountDownLatch;

/** What {@link LocalProgramTest} starts in a JVM of its own: behaves like a gateway as far as a process can see. */
final class TinyProgram {
    private TinyProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.err.println("a line on the error stream");
        if (arguments[0].equals("refuse")) {
            System.out.println("KIS_ENV=live is not possible yet");
            System.exit(2);
        }
        System.out.println("{\"event\":\"not the line that is waited for\"}");
        System.out.println("setting " + System.getenv("KIS_HTS_ID") + " heap "
                + Runtime.getRuntime().maxMemory() / (1 << 20) + " 삼성전자");
        if (!arguments[0].equals("silent")) {
            System.out.println("{\"gateway_port\":4711,\"simulator_port\":null,\"data_dir\":\"/tmp/x\",\"pid\":"
                    + ProcessHandle.current().pid() + "}");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("stopped gracefully");
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }));
        new CountDownLatch(1).await();
    }
}
