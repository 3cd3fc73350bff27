# Builds the emulator; its tests build themselves when they are run. Sourced, not run.

emulator_project=plugin/Uvmem/Uvmem.csproj
emulator_program=plugin/Uvmem/bin/Release/net8.0/uvmem.dll

emulator_key() {
    local files
    mapfile -t files < <(cd "$root" && find plugin Directory.Build.props .editorconfig \
        \( -name bin -o -name obj \) -prune -o -type f -print | LC_ALL=C sort)
    { dotnet --version; hash_files "${files[@]}"; } | key_of
}

# dotnet itself takes seconds to find out that nothing changed; the stamp takes a fraction of one.
make_emulator() {
    local key
    command -v dotnet >/dev/null || die "needs the .NET SDK 8 or later (https://dotnet.microsoft.com/download)"
    key=$(emulator_key)
    [ -e "$root/$emulator_program" ] && [ "$(cat "$root/build/emulator.key" 2>/dev/null)" = "$key" ] && return 0
    say "emulator: dotnet build"
    mkdir -p "$root/build"
    run_logged "$root/build/dotnet.log" "dotnet build" dotnet build -c Release --nologo -v quiet "$root/$emulator_project"
    [ -e "$root/$emulator_program" ] || die "dotnet build left no $emulator_program; see build/dotnet.log"
    echo "$key" >"$root/build/emulator.key"
}
