// SPDX-License-Identifier: Apache-2.0
// What this build was made of: C, since only its compiler takes texts from outside.
#ifndef COMITY_CBUILD_H
#define COMITY_CBUILD_H

/// The tag of a release, such as `v1.2.3`; empty when the build is none.
const char *comity_build_tag(void);

/// The commit, short; empty when nobody said.
const char *comity_build_commit(void);

#endif
