# The program of tests/Boot.Tests: rows of the acceptance matrix by name. Sourced, not run.

rows_project=tests/Boot.Tests/Boot.Tests.csproj
rows_program=tests/Boot.Tests/bin/Release/net8.0/RenodeUvmem.Boot.Tests.dll

# Everything that it needs, and itself.
make_rows() {
    scripts/setup.sh --images-only
    say "build"
    run_logged build/row-build.log "dotnet build" dotnet build -c Release --nologo -v quiet "$rows_project"
}

# Arguments: a row's name, or --into FOLDER [NAME...], or --list.
run_rows() {
    exec dotnet "$rows_program" "$@"
}
