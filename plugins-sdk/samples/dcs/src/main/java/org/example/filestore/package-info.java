/** A store in one file, for a lone node of a developer. */
@NullMarked
package org.example.filestore;

import org.jspecify.annotations.NullMarked;
