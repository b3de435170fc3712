#!/usr/bin/env bash
# Runs the gate once for action.yml: gets the program, verifies, writes every
# report in that one run, and ends with the recorded status.
#
# Needs bash 3.2, curl, tar and any one of sha256sum, shasum and openssl. Inputs
# arrive as SEAL_INPUT_*; none of them is ever part of a command's text. Nothing
# is written to the checkout.
#
# Exit status: that of `seal verify` (0, 1, 2), with `fail-on: never` 0 in place
# of 1. Whatever goes wrong here is 2.
set -euo pipefail
export LC_ALL=C
# The caller's shell options and functions are not ours.
unset CDPATH BASH_ENV ENV

exit_code=2
result=error
findings=
checked=
tree=
sarif=
report=

# escape_data TEXT: for the message of a workflow command.
escape_data() {
    local text=$1
    text=${text//'%'/'%25'}
    text=${text//$'\r'/'%0D'}
    text=${text//$'\n'/'%0A'}
    printf '%s' "$text"
}

# refuse TEXT: says why nothing was verified, and ends the step.
refuse() {
    printf '::error title=seal could not verify::%s\n' "$(escape_data "$1")"
    exit 2
}

# shellcheck disable=SC2329 # Called by `finish`.
# Outputs are one line each: line ends in a value would make it another output.
output() {
    local value=$2
    value=${value//$'\r'/}
    value=${value//$'\n'/}
    if [[ -n ${GITHUB_OUTPUT:-} ]]; then
        printf '%s=%s\n' "$1" "$value" >>"$GITHUB_OUTPUT"
    fi
}

# shellcheck disable=SC2329 # The trap calls it.
# Whatever happens, the outputs say how it ended.
finish() {
    local status=$?
    trap - EXIT
    if [[ $result == error ]]; then
        exit_code=2
        if ((status == 0)); then
            status=2
        fi
    fi
    output exit-code "$exit_code"
    output result "$result"
    output findings "$findings"
    output checked "$checked"
    output tree "$tree"
    output sarif-file "$sarif"
    output report-file "$report"
    exit "$status"
}
trap finish EXIT

# An input that is a line: no line end may hide in it.
line() {
    case $2 in
        *$'\n'* | *$'\r'*) refuse "the input \`$1\` must be one line" ;;
    esac
}

# lines TEXT: fills the array `list` with the lines of TEXT that are not empty.
list=()
lines() {
    list=()
    local item
    while IFS= read -r item || [[ -n $item ]]; do
        item=${item%$'\r'}
        item=${item#"${item%%[![:space:]]*}"}
        item=${item%"${item##*[![:space:]]}"}
        if [[ -n $item ]]; then
            list+=("$item")
        fi
    done <<<"$1"
}

# choice NAME VALUE ALLOWED...
choice() {
    local name=$1 value=$2 allowed
    shift 2
    for allowed; do
        if [[ $value == "$allowed" ]]; then
            return
        fi
    done
    refuse "the input \`$name\` is \"$value\", and must be one of: $*"
}

check_inputs() {
    line from "${SEAL_INPUT_FROM:=worktree}"
    line base "${SEAL_INPUT_BASE:=}"
    line config "${SEAL_INPUT_CONFIG:=}"
    line sarif-file "${SEAL_INPUT_SARIF_FILE:=}"
    line working-directory "${SEAL_INPUT_WORKING_DIRECTORY:=.}"
    line version "${SEAL_INPUT_VERSION:=}"
    line sha256 "${SEAL_INPUT_SHA256:=}"
    line binary "${SEAL_INPUT_BINARY:=}"
    line shard "${SEAL_INPUT_SHARD:=}"
    choice fail-on "${SEAL_INPUT_FAIL_ON:=any}" any never
    choice annotations "${SEAL_INPUT_ANNOTATIONS:=true}" true false
    choice summary "${SEAL_INPUT_SUMMARY:=true}" true false
    if [[ -n $SEAL_INPUT_VERSION && -z $SEAL_INPUT_SHA256 || -z $SEAL_INPUT_VERSION && -n $SEAL_INPUT_SHA256 ]]; then
        refuse "the inputs \`version\` and \`sha256\` belong together: give both or neither"
    fi
    if [[ -n $SEAL_INPUT_VERSION && ! $SEAL_INPUT_VERSION =~ ^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
        refuse "the input \`version\` is \"$SEAL_INPUT_VERSION\", and must be like 1.2.3"
    fi
    if [[ -n $SEAL_INPUT_SHA256 && ! $SEAL_INPUT_SHA256 =~ ^[0-9a-fA-F]{64}$ ]]; then
        refuse "the input \`sha256\` must be 64 hexadecimal digits"
    fi
}

# Off-production only: events that deploy, publish or run with the rights of the
# base repository on the code of a stranger are refused.
check_event() {
    case ${GITHUB_EVENT_NAME:-} in
        pull_request | push | merge_group | workflow_dispatch | schedule) ;;
        '') refuse 'the event is not known: GITHUB_EVENT_NAME is empty' ;;
        pull_request_target | workflow_run)
            refuse "the event \"$GITHUB_EVENT_NAME\" runs with the rights of this repository on what somebody else wrote; use \`pull_request\`"
            ;;
        *)
            refuse "the event \"$GITHUB_EVENT_NAME\" is none of pull_request, push, merge_group, workflow_dispatch, schedule; this gate runs off production only"
            ;;
    esac
}

# Sets `said` to the digest of a file. A refusal must not end a mere subshell, so
# that nothing here is called as a substitution.
sha256_of() {
    if command -v sha256sum >/dev/null; then
        said=$(sha256sum <"$1")
    elif command -v shasum >/dev/null; then
        said=$(shasum -a 256 <"$1")
    elif command -v openssl >/dev/null; then
        said=$(openssl dgst -sha256 -r <"$1")
    else
        refuse 'none of sha256sum, shasum and openssl is on this runner'
    fi
    said=${said%%[[:space:]]*}
}

# Sets `target` to the platform that the release's archives are named for.
platform() {
    local system machine
    system=${RUNNER_OS:-$(uname -s)}
    machine=${RUNNER_ARCH:-$(uname -m)}
    case $machine in
        X64 | x86_64 | amd64) machine=x86_64 ;;
        ARM64 | aarch64 | arm64) machine=aarch64 ;;
        *) refuse "there is no release for the processor \"$machine\"; give the input \`binary\`" ;;
    esac
    case $system in
        Linux) target=$machine-unknown-linux-musl ;;
        macOS | Darwin) target=$machine-apple-darwin ;;
        Windows | MINGW* | MSYS*) target=$machine-pc-windows-msvc ;;
        *) refuse "there is no release for the system \"$system\"; give the input \`binary\`" ;;
    esac
}

# Sets `archive` and `digest` to what shall be downloaded.
choose_release() {
    local name=
    if [[ -n $SEAL_INPUT_VERSION ]]; then
        archive=seal-v${SEAL_INPUT_VERSION#v}-$target.tar.gz
        digest=$SEAL_INPUT_SHA256
        return
    fi
    archive=
    while read -r digest name; do
        if [[ $digest != '#'* && $name == seal-v*-"$target".tar.gz ]]; then
            archive=$name
            break
        fi
    done <"$here/release.txt"
    if [[ -z $archive || ! $digest =~ ^[0-9a-f]{64}$ ]]; then
        refuse "this revision of the action pins no release for $target; give the inputs \`version\` and \`sha256\`, or \`binary\`"
    fi
}

# Downloads, and unpacks only what has the digest.
download() {
    local target archive digest base said tag
    platform
    choose_release
    tag=${archive#seal-}
    tag=${tag%"-$target.tar.gz"}
    # A mirror changes where the bytes come from, never which bytes are accepted.
    base=${SEAL_MIRROR:-}
    if [[ -z $base ]]; then
        if [[ -z ${SEAL_ACTION_REPOSITORY:-} ]]; then
            refuse "the repository of the action is not known; give the input \`binary\`"
        fi
        base=${GITHUB_SERVER_URL:-https://github.com}/$SEAL_ACTION_REPOSITORY/releases/download
    fi
    case $base in
        https://* | http://127.0.0.1:*) ;;
        *) refuse 'the program is downloaded by https only' ;;
    esac
    (
        cd "$work"
        curl --disable --fail --location --silent --show-error --proto '=https,http' --proto-redir '=https' \
            --retry 3 --connect-timeout 30 --max-time 600 --max-filesize 100000000 \
            --output archive.tar.gz "$base/$tag/$archive"
    ) || refuse "$archive could not be downloaded from $base/$tag"
    sha256_of "$work/archive.tar.gz"
    digest=$(printf '%s' "$digest" | tr A-F a-f)
    if [[ $said != "$digest" ]]; then
        refuse "$archive has the SHA-256 $said, and $digest was expected; it was not unpacked"
    fi
    local program=seal
    if [[ $archive == *windows* ]]; then
        program=seal.exe
    fi
    (cd "$work" && tar -xzf archive.tar.gz "$program") || refuse "$archive holds no $program"
    binary=$work/$program
}

get_binary() {
    if [[ -z $SEAL_INPUT_BINARY ]]; then
        download
    else
        binary=$SEAL_INPUT_BINARY
        # A name without a slash would be looked up in PATH, a relative one elsewhere later.
        if [[ $binary != /* && ! $binary =~ ^[A-Za-z]:[/\\] ]]; then
            binary=$PWD/$binary
        fi
    fi
    if [[ ! -f $binary || ! -x $binary ]]; then
        refuse "$binary is not a program that can be run"
    fi
}

# The workflow that runs this step, when it is in the checkout: a job with secrets,
# an environment or write permissions is no place for a gate over strangers' bytes.
check_job() {
    local workflow=${GITHUB_WORKFLOW_REF:-} said status=0
    workflow=${workflow%@*}
    workflow=${workflow#*/*/}
    if [[ -z $workflow || -z ${GITHUB_JOB:-} || ! -f ${GITHUB_WORKSPACE:-.}/$workflow ]]; then
        return
    fi
    said=$("$binary" doctor --workflow "${GITHUB_WORKSPACE:-.}/$workflow" --job "$GITHUB_JOB" 2>&1) || status=$?
    if ((status != 0)); then
        refuse "the job is not fit for this gate"$'\n'"$said"
    fi
}

# Sets `arguments`.
arguments=()
collect_arguments() {
    local item base=$SEAL_INPUT_BASE
    arguments=(verify "--from=$SEAL_INPUT_FROM")
    if [[ -z $base ]]; then
        case $GITHUB_EVENT_NAME in
            pull_request | merge_group)
                base=${SEAL_EVENT_BASE:-}
                if [[ -z $base ]]; then
                    refuse "the event names no base commit; give the input \`base\`, or \`none\`"
                fi
                ;;
        esac
    fi
    if [[ -n $base && $base != none ]]; then
        arguments+=("--base=$base")
    fi
    if [[ -n $SEAL_INPUT_CONFIG ]]; then
        arguments+=("--config=$SEAL_INPUT_CONFIG")
    fi
    if [[ -n $SEAL_INPUT_SHARD ]]; then
        arguments+=("--shard=$SEAL_INPUT_SHARD")
    fi
    lines "${SEAL_INPUT_ACCEPT_RESEAL:-}"
    for item in ${list[@]+"${list[@]}"}; do arguments+=("--accept-reseal=$item"); done
    lines "${SEAL_INPUT_EXPECT_TREE:-}"
    for item in ${list[@]+"${list[@]}"}; do arguments+=("--expect-tree=$item"); done
    lines "${SEAL_INPUT_REQUIRE:-}"
    for item in ${list[@]+"${list[@]}"}; do arguments+=("--require=$item"); done
    arguments+=(--output=human "--output=summary=$work/summary" "--output=json=$report")
    if [[ $SEAL_INPUT_ANNOTATIONS == true ]]; then
        arguments+=("--output=github=$work/annotations")
    fi
    if [[ $SEAL_INPUT_SUMMARY == true && -n ${GITHUB_STEP_SUMMARY:-} ]]; then
        arguments+=("--output=markdown=$work/summary.md")
    fi
    if [[ -n $sarif ]]; then
        arguments+=("--output=sarif=$sarif")
    fi
    lines "${SEAL_INPUT_PATHS:-.}"
    arguments+=(-- ${list[@]+"${list[@]}"})
}

# Prints what a person reads. The names in it are the packet's, and may look like
# commands to the runner: it is told to take none until the token.
verify() {
    local token=seal-$RANDOM$RANDOM$RANDOM$RANDOM$RANDOM status=0
    printf '::stop-commands::%s\n' "$token"
    "$binary" "${arguments[@]}" || status=$?
    printf '\n::%s::\n' "$token"
    return "$status"
}

size_of() {
    local bytes=0
    if [[ -f $1 ]]; then
        bytes=$(wc -c <"$1")
    fi
    printf '%d' "$bytes"
}

# A page over 1 MiB is not shown at all; the renderer stays below, and what is
# already on the page counts too.
write_page() {
    if [[ ! -s $work/summary.md ]]; then
        return
    fi
    if (($(size_of "$GITHUB_STEP_SUMMARY") + $(size_of "$work/summary.md") < 1048576)); then
        cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
    else
        printf '\nseal: %s. The summary is too long for this page; see the JSON report.\n' "$result" >>"$GITHUB_STEP_SUMMARY"
    fi
}

read_summary() {
    local key value
    while IFS='=' read -r key value; do
        case $key in
            result) said_result=$value ;;
            findings) findings=$value ;;
            checked) checked=$value ;;
            tree) tree=$value ;;
        esac
    done <"$work/summary"
}

main() {
    local status=0 said_result=
    here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
    check_inputs
    check_event
    work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/seal.XXXXXX")
    report=$work/report.json
    if [[ -n $SEAL_INPUT_SARIF_FILE ]]; then
        sarif=$SEAL_INPUT_SARIF_FILE
        if [[ $sarif != /* && ! $sarif =~ ^[A-Za-z]:[/\\] ]]; then
            sarif=${RUNNER_TEMP:-$work}/$sarif
        fi
    fi
    cd "$SEAL_INPUT_WORKING_DIRECTORY" || refuse "the input \`working-directory\` is no folder that can be entered"
    get_binary
    check_job
    collect_arguments
    verify || status=$?
    if [[ ! -f $report ]]; then
        report=
    fi
    if [[ -n $sarif && ! -f $sarif ]]; then
        sarif=
    fi
    # A status without its report is a run that was cut off.
    if [[ ! -s $work/summary ]]; then
        refuse "the gate ended with status $status and wrote no result"
    fi
    read_summary
    case $status,$said_result in
        0,pass | 1,fail | 2,error) ;;
        *) refuse "the gate ended with status $status and the result \"$said_result\", which contradict each other" ;;
    esac
    exit_code=$status
    result=$said_result
    if [[ -s $work/annotations ]]; then
        cat "$work/annotations"
    fi
    write_page
    if ((status == 1)) && [[ $SEAL_INPUT_FAIL_ON == never ]]; then
        printf 'fail-on is never: the failure does not fail this step\n'
        exit 0
    fi
    exit "$status"
}

main
