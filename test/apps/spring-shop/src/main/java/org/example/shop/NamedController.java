package org.example.shop;

import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

public abstract class NamedController<T extends Named> {
    private final NamedRepository<T> repository;

    protected NamedController(NamedRepository<T> repository) {
        this.repository = repository;
    }

    @GetMapping
    public List<T> find(@RequestParam(defaultValue = "") String name) {
        return repository.findByNameContainingIgnoreCaseOrderByName(name);
    }

    @GetMapping("/{id}")
    public ResponseEntity<T> one(@PathVariable Long id) {
        return ResponseEntity.of(repository.findById(id));
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    public T add(@Valid @RequestBody T thing) {
        return repository.save(thing);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public void delete(@PathVariable Long id) {
        repository.deleteById(id);
    }
}
