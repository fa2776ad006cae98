package kr.kisgateway.requirement;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the tests of all modules say that they show, read from their sources. */
final class Claims {
    /** For a claim of a whole class. */
    static final String ALL = "(all)";

    private static final Set<String> TESTS = Set.of(
            "Test",
            "ParameterizedTest",
            "RepeatedTest",
            "TestFactory",
            "TestTemplate",
            "Property",
            "Example",
            "FuzzTest");

    private Claims() {}

    /** One test's claim of a row, and of a clause of it unless that is empty. */
    record Claim(String row, String clause, String module, String testClass, String test) {
        String place() {
            return module + " " + testClass + ": " + test;
        }
    }

    /** The claims of all tests, and the ones that no test makes. */
    record Found(List<Claim> claims, List<String> problems) {}

    static Found read(Path project) throws IOException {
        var found = new Found(new ArrayList<>(), new ArrayList<>());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> sources = sources(project);
            if (sources.isEmpty()) {
                return found;
            }
            var task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    diagnostic -> {},
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(sources));
            for (CompilationUnitTree unit : task.parse()) {
                Path source = Path.of(unit.getSourceFile().toUri());
                String module = project.toAbsolutePath()
                        .relativize(source.toAbsolutePath())
                        .getName(0)
                        .toString();
                unit.accept(new Reader(module, found), null);
            }
        }
        return found;
    }

    private static List<Path> sources(Path project) throws IOException {
        var sources = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(project)) {
            for (Path tests : modules.map(m -> m.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static final class Reader extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final String module;
        private final Found found;
        private String testClass = "";

        Reader(String module, Found found) {
            this.module = module;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void none) {
            String outer = testClass;
            String name = tree.getSimpleName().toString();
            testClass = outer.isEmpty() ? name : outer + "." + name;
            boolean tests = tree.getMembers().stream()
                    .anyMatch(m -> m instanceof MethodTree method && isTest(method.getModifiers())
                            || m instanceof ClassTree inner && !name(inner).isEmpty());
            claims(tree.getModifiers(), ALL, tests);
            super.visitClass(tree, none);
            testClass = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void none) {
            claims(tree.getModifiers(), tree.getName().toString().replace('_', ' '), isTest(tree.getModifiers()));
            return super.visitMethod(tree, none);
        }

        private void claims(ModifiersTree modifiers, String test, boolean isTest) {
            for (AnnotationTree annotation : modifiers.getAnnotations()) {
                if (!simpleName(annotation).equals("Requirement")) {
                    continue;
                }
                var claim = new Claim(value(annotation, "value"), value(annotation, "clause"), module, testClass, test);
                if (isTest) {
                    found.claims().add(claim);
                } else {
                    found.problems().add(claim.place() + " claims " + claim.row() + " and is no test that runs");
                }
            }
        }

        private static boolean isTest(ModifiersTree modifiers) {
            List<String> names =
                    modifiers.getAnnotations().stream().map(Reader::simpleName).toList();
            return names.stream().anyMatch(TESTS::contains) && !names.contains("Disabled");
        }

        private static String name(ClassTree tree) {
            return tree.getSimpleName().toString();
        }

        private static String simpleName(AnnotationTree annotation) {
            Tree type = annotation.getAnnotationType();
            String name = type.toString();
            return name.substring(name.lastIndexOf('.') + 1);
        }

        private static String value(AnnotationTree annotation, String key) {
            for (ExpressionTree argument : annotation.getArguments()) {
                boolean named = argument instanceof AssignmentTree;
                String name = named ? ((AssignmentTree) argument).getVariable().toString() : "value";
                ExpressionTree value = named ? ((AssignmentTree) argument).getExpression() : argument;
                if (name.equals(key)) {
                    return value instanceof LiteralTree literal ? String.valueOf(literal.getValue()) : value.toString();
                }
            }
            return "";
        }
    }
}
