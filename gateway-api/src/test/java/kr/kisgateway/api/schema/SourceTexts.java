package kr.kisgateway.api.schema;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The Javadoc of a source tree: the text of each type and of each record component. */
final class SourceTexts {
    /** Divides the English from the Korean. */
    private static final String DIVIDER = " | ";

    /**
     * The texts of one type.
     *
     * @param components by name, in the order of the Javadoc
     */
    record TypeTexts(Text type, Map<String, Text> components) {}

    /** One text in both languages. */
    record Text(String english, String korean) {
        static Text of(String javadoc, String place) {
            int at = javadoc.indexOf(DIVIDER);
            if (at <= 0 || at != javadoc.lastIndexOf(DIVIDER) || at + DIVIDER.length() == javadoc.length()) {
                throw new IllegalStateException(
                        place + " needs a text in English, \"" + DIVIDER + "\" and the text in Korean: " + javadoc);
            }
            return new Text(
                    javadoc.substring(0, at).strip(),
                    javadoc.substring(at + DIVIDER.length()).strip());
        }
    }

    private final Map<String, TypeTexts> types = new LinkedHashMap<>();

    private SourceTexts() {}

    /** Reads every Java file below {@code root}. */
    static SourceTexts read(Path root) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null);
                var paths = Files.walk(root)) {
            var sources = paths.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.endsWith("module-info.java"))
                    .sorted()
                    .toList();
            var task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            var texts = new SourceTexts();
            var trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                texts.new Collector(trees).scan(unit, null);
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The texts of the type with this canonical name. */
    TypeTexts of(String type) {
        return Optional.ofNullable(types.get(type))
                .orElseThrow(() -> new IllegalStateException(type + " has no Javadoc."));
    }

    private final class Collector extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final DocTrees trees;

        Collector(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            String name = canonicalName(getCurrentPath());
            if (comment != null && tree.getKind() != Tree.Kind.ENUM && isContract(name)) {
                var components = new LinkedHashMap<String, Text>();
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param) {
                        String component = param.getName().getName().toString();
                        components.put(component, Text.of(plain(param.getDescription()), name + "#" + component));
                    }
                }
                types.put(name, new TypeTexts(Text.of(plain(comment.getFullBody()), name), components));
            }
            return super.visitClass(tree, unused);
        }
    }

    private static boolean isContract(String name) {
        return !name.startsWith("kr.kisgateway.api.schema.")
                && !name.startsWith("kr.kisgateway.api.json.")
                && !name.startsWith("kr.kisgateway.api.call.")
                && !name.startsWith("kr.kisgateway.api.error.ErrorCode")
                && !name.endsWith("Calls")
                && !name.contains("Calls.");
    }

    private static String canonicalName(TreePath path) {
        var simple = ((ClassTree) path.getLeaf()).getSimpleName().toString();
        return path.getParentPath().getLeaf() instanceof ClassTree
                ? canonicalName(path.getParentPath()) + "." + simple
                : path.getCompilationUnit().getPackageName() + "." + simple;
    }

    /** Javadoc as the text of the document: code in backticks, on one line. */
    private static String plain(List<? extends DocTree> parts) {
        var source = parts.stream().map(Object::toString).collect(Collectors.joining());
        // The compiler prints other letters than ASCII as escapes.
        return Pattern.compile("\\\\u([0-9a-fA-F]{4})")
                .matcher(source)
                .replaceAll(
                        escape -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 16))))
                .replaceAll("\\{@(?:code|link)\\s+([^}]*)}", "`$1`")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#64;", "@")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
