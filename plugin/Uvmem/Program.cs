using RenodeUvmem.Uvmem;

return CommandLine.Run(args);
