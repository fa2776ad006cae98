/** The daily checklist of operations, the settings in force and what callers used. */
@NullMarked
package kr.kisgateway.api.operations;

import org.jspecify.annotations.NullMarked;
