//! Names of files that credentials are kept in.

use crate::path::BytePath;

/// File names, in small letters, and what they are.
const NAMES: [(&str, &str); 33] = [
    (".env", "a file of environment settings"),
    ("id_rsa", "a private SSH key by its name"),
    ("id_dsa", "a private SSH key by its name"),
    ("id_ecdsa", "a private SSH key by its name"),
    ("id_ed25519", "a private SSH key by its name"),
    (".pgpass", "a file of database passwords"),
    ("pgpass.conf", "a file of database passwords"),
    (".my.cnf", "a file of database passwords"),
    (".mylogin.cnf", "a file of database passwords"),
    (".netrc", "a file of logins"),
    ("_netrc", "a file of logins"),
    (".git-credentials", "a file of logins"),
    (".htpasswd", "a file of password hashes"),
    (".pypirc", "the login of a package registry"),
    (".dockercfg", "the login of an image registry"),
    (".dockerconfigjson", "the login of an image registry"),
    ("shadow", "a file of password hashes"),
    ("shadow-", "a file of password hashes"),
    ("gshadow", "a file of password hashes"),
    ("kubeconfig", "the access to a cluster"),
    ("terraform.tfstate", "a state that holds secrets in the clear"),
    ("wallet.dat", "a wallet"),
    (".vault-token", "a token"),
    (".s3cfg", "the access to a store"),
    (".boto", "the access to a store"),
    ("credentials.json", "a file of credentials"),
    ("service-account.json", "a file of credentials"),
    ("master.key", "a key"),
    ("server.key", "a private key by its name"),
    ("credentials", "a file of credentials"),
    ("secrets.yaml", "a file of credentials"),
    ("secrets.yml", "a file of credentials"),
    ("secrets.json", "a file of credentials"),
];

/// Endings of key stores.
const ENDINGS: [&str; 9] =
    [".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".kubeconfig", ".agekey", ".asc.key"];

/// Files in a folder of a certain name.
const WITHIN: [(&str, &str); 4] =
    [(".aws", "credentials"), (".kube", "config"), (".docker", "config.json"), (".gnupg", "secring.gpg")];

/// What is dumped into a file of that name: a database, or what a program had in memory.
pub(super) fn dump(path: &BytePath) -> Option<&'static str> {
    const ENDINGS: [&str; 9] = [
        ".dump",
        ".pgdump",
        ".sqldump",
        ".mysqldump",
        ".sql.gz",
        ".sql.bz2",
        ".sql.xz",
        ".sql.zst",
        ".sql.zip",
    ];
    const MEMORY: [&str; 4] = [".dmp", ".mdmp", ".hprof", ".vmcore"];
    let name = String::from_utf8_lossy(path.file_name()).to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let of_sql = name.strip_suffix(".sql");
    let mut words = of_sql.into_iter().flat_map(|stem| stem.split(|c: char| !c.is_alphanumeric()));
    if ends(&ENDINGS) || words.any(|word| ["dump", "backup", "pgdump"].contains(&word)) {
        return Some("a dump of a database");
    }
    // `core.1234`, of a process; with one digit it is a page of a manual.
    let process = name.strip_prefix("core.").unwrap_or_default();
    let is_core = process.len() > 1 && process.bytes().all(|byte| byte.is_ascii_digit());
    (is_core || ends(&MEMORY)).then_some("a dump of memory")
}

/// What the file is by its name, when credentials are kept in such files.
pub(super) fn credentials(path: &BytePath) -> Option<&'static str> {
    let name = String::from_utf8_lossy(path.file_name()).to_lowercase();
    if let Some((_, what)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(what);
    }
    // `.env.production` is one; what is there to be copied from is none.
    if let Some(kind) = name.strip_prefix(".env.") {
        let template = ["example", "sample", "template", "dist", "defaults"].contains(&kind);
        return (!template).then_some("a file of environment settings");
    }
    if name.strip_suffix(".env").is_some_and(|of| !of.ends_with("example")) {
        return Some("a file of environment settings");
    }
    let key = name.split_once('.').filter(|(key, ending)| key.starts_with("id_") && *ending != "pub");
    if let Some((_, what)) = key.and_then(|(key, _)| NAMES.iter().find(|(known, _)| *known == key)) {
        return Some(what);
    }
    if ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending)) {
        return Some("a key store by its name");
    }
    let parent = path.parent();
    let folder = String::from_utf8_lossy(parent.file_name()).to_lowercase();
    WITHIN
        .iter()
        .any(|(holder, file)| *holder == folder && *file == name)
        .then_some("a file of credentials by its place")
}
