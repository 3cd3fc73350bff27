# Makes build/renode, the plugin as it lies beside an installed Renode. Sourced, not run. Needs emulator.sh.

plugin_dir=$root/build/renode

plugin_key() { { emulator_key; hash_files platforms/*; } | key_of; }

# DLLs, loader, platform descriptions, scripts, README; nothing of Renode itself.
make_plugin() {
    local key files
    command -v dotnet >/dev/null || die "needs the .NET SDK 8 or later (https://dotnet.microsoft.com/download)"
    key=$(plugin_key)
    [ "$(cat "$root/build/renode.key" 2>/dev/null)" = "$key" ] && return 0
    say "plugin: dotnet publish"
    rm -rf "$plugin_dir" "$root/build/renode.key"
    mkdir -p "$plugin_dir"
    run_logged "$root/build/dotnet.log" "dotnet publish" dotnet publish -c Release --nologo -v quiet \
        -o "$plugin_dir" "$root/plugin/Renode/Renode.csproj"
    rm -f "$plugin_dir"/*.pdb
    cp "$root"/platforms/* "$root/LICENSE" "$plugin_dir/"
    # Beside the sources the images lie in build/, in a package in the folder itself.
    sed -i 's|\$ORIGIN/../build/images|$ORIGIN/images|' "$plugin_dir"/*.resc
    echo "$key" >"$root/build/renode.key"
}
